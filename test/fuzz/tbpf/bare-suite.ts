import type { EngineTools } from '@switchyard/core';
import type { TbpfTools } from '@switchyard/tbpf';
import { compareObservations, differencesOf } from '../compare.ts';
import type { CheckResult, Difference, Suite } from '../suite.ts';
import { type BareCase, vectorOf } from './bare-case.ts';
import { makeBareCase } from './make-bare-case.ts';
import type { BareKind } from './profile.ts';
import { saveBareCase } from './save-bare-case.ts';
import { simplerBareCases } from './shrink-bare-case.ts';
import { type FuzzTier, tiersOf } from './tier.ts';

/** Programs without surroundings, through the engine's vector sessions. */
export function bareSuite(
  tools: TbpfTools,
  only?: BareKind,
  [reference, ...others]: readonly FuzzTier[] = tiersOf(tools),
): Suite<BareCase> {
  const runReference = reference!.open();
  return {
    make: (seed, index) => makeBareCase(seed, index, only, runReference),
    check: (program) => checkBareCase(program, reference!, others),
    simpler: simplerBareCases,
    save: (program, difference, folder) => saveBareCase(program, difference, folder, tools, runReference),
    describe: (program) => describe(program, tools),
  };
}

/** Makes the case's runs on all tiers and compares each with the reference. */
export function checkBareCase(
  program: BareCase,
  reference: FuzzTier,
  others: readonly FuzzTier[],
): CheckResult {
  const runReference = reference.open();
  const sessions = others.map((tier) => ({ name: tier.name, run: tier.open() }));
  const outcomes: string[] = [];
  const { runs, repeats } = program;
  for (const [index, run] of runs.entries()) {
    const vector = vectorOf(program, run);
    const wanted = runReference(vector);
    const { status, error } = wanted.native;
    outcomes.push(status === 'ok' ? 'ok' : status === 'reject' ? `reject ${error}` : String(error));
    const times = index === runs.length - 1 ? repeats + 1 : 1;
    for (const session of sessions) {
      for (let time = 0; time < times; time++) {
        const fields = differencesOf(
          () => session.run(vector),
          (other) => compareObservations(wanted, other),
        );
        if (fields.length > 0) {
          return { outcomes, difference: { tier: session.name, run: index, fields } satisfies Difference };
        }
      }
    }
  }
  return { outcomes, difference: undefined };
}

function describe(program: BareCase, tools: EngineTools): string {
  const { kind, version, text, heap, config, runs } = program;
  const slots = `${kind}, v${version}, ${text.length / 8} slots, heap ${heap}, config ${JSON.stringify(config)}, ${runs.length} runs`;
  return `${slots}\n${tools.disassemble(text, 'text', { version: `v${version}` })}`;
}
