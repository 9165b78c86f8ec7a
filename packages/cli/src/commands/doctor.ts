import { existsSync } from 'node:fs';
import { toVmError, VmError, type VmErrorCode } from '@switchyard/core';
import { withoutPasswords } from '@switchyard/core/config';
import { findClang } from '@switchyard/sdk';
import { openCodeCache } from '@switchyard/state';
import pc from 'picocolors';
import { checkEngineOptions } from '../app/check-engine-options.ts';
import { type ConfigOptions, loadConfig } from '../app/load-config.ts';
import { openApp } from '../app/open-app.ts';
import { type CommonOptions, stateOf } from '../arguments/call-options.ts';
import type { CommandReport } from '../output/reporter.ts';

/** One thing that `doctor` looked at. */
export interface DoctorCheck {
  readonly name: string;
  /** `missing`: optional, and not there. */
  readonly verdict: 'ok' | 'missing' | 'broken';
  readonly found: string;
  readonly hint: string | null;
}

/** Looks at everything that Switchyard needs on this machine. Changes nothing. */
export async function runDoctor(options: CommonOptions = {}): Promise<readonly DoctorCheck[]> {
  const settings = { configFile: options.config, flags: stateOf(options) };
  // Looked at by itself, so that what is wrong with it is told once.
  const uncached = { ...settings, flags: { ...settings.flags, codeCache: { maxBytes: 0 } } };
  return [
    checkNode(),
    await check('configuration', async () => {
      const { file } = await loadConfig(settings);
      // An engine that is not there is the next line's to tell.
      const app = await openApp({ ...uncached, state: { kind: 'memory' } }).catch(() => undefined);
      if (app !== undefined) {
        checkEngineOptions(app);
        await app.close();
      }
      return file ?? 'none, the defaults hold';
    }),
    await check('engines', async () => {
      const app = await openApp({ ...uncached, state: { kind: 'memory' } });
      const types = app.factory.types.map((type) => (app.factory.isEnabled(type) ? type : `${type} (off)`));
      await app.close();
      return types.join(', ');
    }),
    await check('state', async () => {
      const { config } = await loadConfig(settings);
      if (config.state.kind === 'memory') return 'memory';
      if (config.state.kind === 'postgres') return checkDatabase(config.state.url, uncached);
      if (!existsSync(config.state.path)) return `LMDB, ${config.state.path}, made at the first deployment`;
      const app = await openApp({ ...uncached, access: 'read' });
      await app.close();
      return `LMDB, ${config.state.path}`;
    }),
    await check('code cache', async () => {
      const { codeCache } = (await loadConfig(settings)).config;
      if (codeCache.directory === undefined || codeCache.maxBytes === 0) return 'off';
      const cache = openCodeCache({ ...codeCache, directory: codeCache.directory });
      const { entries, bytes } = cache.usage();
      return `${cache.directory}, modules: ${entries}, ${bytes} of ${cache.maxBytes} bytes`;
    }),
    await check('clang', () => findClang(undefined), 'TOOL_MISSING'),
  ];
}

/** `switchyard doctor`. */
export async function doctorCommand(options: CommonOptions): Promise<CommandReport> {
  const checks = await runDoctor(options);
  return {
    command: 'doctor',
    exitCode: checks.some(({ verdict }) => verdict === 'broken') ? 2 : 0,
    data: { checks },
    text: () => checks.map(formatCheck).join('\n'),
  };
}

function checkNode(): DoctorCheck {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isEnough = major > 20 || (major === 20 && minor >= 19);
  return {
    name: 'node',
    verdict: isEnough ? 'ok' : 'broken',
    found: process.versions.node,
    hint: isEnough ? null : 'Install Node.js 20.19 or later.',
  };
}

async function checkDatabase(url: string, settings: ConfigOptions): Promise<string> {
  try {
    const app = await openApp({ ...settings, access: 'read' });
    await app.close();
    return `PostgreSQL, ${app.store.name}`;
  } catch (thrown) {
    const isEmpty = thrown instanceof VmError && thrown.details['tables'] === 'none';
    if (!isEmpty) throw thrown;
    return `PostgreSQL, ${withoutPasswords(url)}, made at the first deployment`;
  }
}

async function check(
  name: string,
  look: () => string | Promise<string>,
  optional?: VmErrorCode,
): Promise<DoctorCheck> {
  try {
    return { name, verdict: 'ok', found: await look(), hint: null };
  } catch (thrown) {
    const error = toVmError(thrown);
    const verdict = error.code === optional ? 'missing' : 'broken';
    return { name, verdict, found: error.message, hint: error.hint };
  }
}

function formatCheck({ name, verdict, found, hint }: DoctorCheck): string {
  const mark =
    verdict === 'ok' ? pc.green('ok') : verdict === 'missing' ? pc.yellow('missing') : pc.red('broken');
  const line = `${mark}${' '.repeat(9 - verdict.length)}${name.padEnd(15)}${found}`;
  return hint === null ? line : `${line}\n         ${' '.repeat(15)}${pc.dim(hint)}`;
}
