import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex } from '@switchyard/core';
import type { TbpfTools } from '@switchyard/tbpf';
import { differencesOf } from '../../compare.ts';
import type { CheckResult, Difference, FieldDifference, Suite } from '../../suite.ts';
import { simplerTexts } from '../shrink-text.ts';
import { canBeFile } from './contract-file.ts';
import type { EnvironmentCase, EnvironmentKind } from './environment-case.ts';
import { makeEnvironmentCase } from './make-environment-case.ts';
import { type CallObservation, observationText, Scene } from './scene.ts';

/** Where the tiers of a case come from: one environment each. */
export type SceneMaker = (made: EnvironmentCase, tier: string) => Pick<Scene, 'call'>;

/** Contracts in an environment: syscalls, storage, events, nested calls. */
export function environmentSuite(
  tools: TbpfTools,
  only?: EnvironmentKind,
  tiers: readonly string[] = [...tools.tiers.slice(1), 'auto'],
  makeScene: SceneMaker = (made, tier) => new Scene(made, tier),
): Suite<EnvironmentCase> {
  return {
    make: (seed, index) => makeEnvironmentCase(seed, index, only),
    check: (made) => check(made, tiers, makeScene),
    simpler,
    save: (failing, difference, folder) => save(failing, difference, folder, tools),
    describe: (failing) => describe(failing, tools),
  };
}

function check(made: EnvironmentCase, tiers: readonly string[], makeScene: SceneMaker): CheckResult {
  const reference = makeScene(made, 'reference');
  const scenes = tiers.map((tier) => ({ tier, scene: makeScene(made, tier) }));
  const outcomes: string[] = [];
  for (const [run, call] of made.calls.entries()) {
    const wanted = reference.call(call);
    outcomes.push(outcomeOf(wanted));
    for (const { tier, scene } of scenes) {
      const fields = differencesOf(
        () => scene.call(call),
        (other) => differences(wanted, other),
      );
      if (fields.length > 0) return { outcomes, difference: { tier, run, fields } };
    }
  }
  return { outcomes, difference: undefined };
}

function outcomeOf({ status, error }: CallObservation): string {
  const code = (error as { readonly code: string } | null)?.code;
  return `call ${String(status)}${code === undefined ? '' : ` ${code}`}`;
}

function differences(wanted: CallObservation, other: CallObservation): readonly FieldDifference[] {
  return [...new Set([...Object.keys(wanted), ...Object.keys(other)])].flatMap((field) => {
    const [left, right] = [observationText(wanted[field]), observationText(other[field])];
    return left === right ? [] : [{ field, reference: left, other: right }];
  });
}

/** Fewer transactions, smaller contracts, smaller numbers. */
function* simpler(failing: EnvironmentCase, { run }: Difference): Generator<EnvironmentCase> {
  const { contracts, calls, options } = failing;
  if (run < calls.length - 1) yield { ...failing, calls: calls.slice(0, run + 1) };
  for (const index of calls.keys()) {
    if (calls.length > 1) yield { ...failing, calls: calls.filter((_, other) => other !== index) };
  }
  for (const [index, contract] of contracts.entries()) {
    for (const text of simplerTexts(contract)) {
      if (!canBeFile(text)) continue;
      yield { ...failing, contracts: contracts.map((one, other) => (other === index ? text : one)) };
    }
  }
  for (const [index, call] of calls.entries()) {
    const simplerCalls = [
      ...(call.isStatic ? [{ ...call, isStatic: false }] : []),
      ...(call.value > 0n ? [{ ...call, value: 0n }] : []),
      ...(call.input.length > 0 ? [{ ...call, input: call.input.slice(0, call.input.length >> 1) }] : []),
    ];
    for (const one of simplerCalls) {
      yield { ...failing, calls: calls.map((before, other) => (other === index ? one : before)) };
    }
  }
  if (options.maxFrames !== 64) yield { ...failing, options: { ...options, maxFrames: 64 } };
}

function describe({ kind, contracts, options, calls }: EnvironmentCase, tools: TbpfTools): string {
  const texts = contracts.map(
    ({ version, text }, index) =>
      `contract ${index}, v${version}:\n${tools.disassemble(text, 'text', { version: `v${version}` })}`,
  );
  return [`${kind}, ${observationText(options)}`, observationText(calls), ...texts].join('\n');
}

/** Vectors run without surroundings, so the case is saved in a form of its own: `npm run fuzz -- tbpf --replay FILE` runs it again. */
function save(
  failing: EnvironmentCase,
  difference: Difference,
  folder: string,
  tools: TbpfTools,
): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const saved = join(folder, `${failing.id}.json`);
  const text = JSON.stringify({ difference, ...failing }, (_, part) => {
    if (typeof part === 'bigint') return { bigint: `${part}` };
    return part instanceof Uint8Array ? { bytes: bytesToHex(part) } : part;
  });
  writeFileSync(saved, `${text}\n`);
  const assembly = join(folder, `${failing.id}.asm`);
  writeFileSync(assembly, describe(failing, tools).replace(/^(?!\s)/gm, '# '));
  return [saved, assembly];
}
