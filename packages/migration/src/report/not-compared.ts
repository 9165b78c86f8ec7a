import type { EntrySummary } from '../compare/comparison.ts';
import type { PerSide } from '../mapping/mapping.ts';
import type { SideCounts } from '../observe/observe.ts';
import type { MappingSource } from '../suite/suite.ts';

/**
 * What the comparison can't say, in sentences: what no tool could compare across these machines (legacy-stack-vm.md §12.2), and what this
 * suite leaves out. A report that passes silently over these would claim more than was shown.
 */
export function notCompared(
  mapping: MappingSource,
  entries: readonly EntrySummary[],
  sides: PerSide<{ readonly engine: string; readonly seen: SideCounts }>,
): readonly string[] {
  const sentences: string[] = [];
  const engines = [sides.old.engine, sides.new.engine];
  sentences.push(
    engines[0] === engines[1]
      ? 'Gas is shown side by side and never compared.'
      : `Gas is shown side by side and never compared: ${engines.join(' and ')} count different things.`,
    'Errors are compared by class; their codes and texts are each engine’s own.',
    'The order and number of storage writes within a call is not compared, only what each slot holds afterwards.',
    'Events are compared in order for each name; their order among different names is not.',
  );
  if (engines.includes('legacy')) {
    sentences.push(
      'Randomness, memory storage and block fields other than those of the call differ between the machines and are not compared.',
      'A transfer that the legacy contract tried and was refused leaves no trace, so failed attempts are not compared.',
    );
  }
  sentences.push('Logs are shown, not compared: they are no part of a chain’s consensus.');
  const silent = Object.keys(mapping.entries).filter((name) => mapping.entries[name]!.returns === undefined);
  if (silent.length > 0) {
    sentences.push(
      `The suite declares no return value of ${silent.join(', ')}: only the exit code is compared, and between two builds of plain bytes also what they return as bytes.`,
    );
  }
  for (const { name, side, reason } of mapping.own) {
    const changes = sides[side].seen.own[name] ?? 0;
    sentences.push(`Slots "${name}" exist on the ${side} side only (changed ${changes} times): ${reason}`);
  }
  for (const side of ['old', 'new'] as const) {
    const { unmapped } = sides[side].seen;
    if (unmapped > 0) {
      sentences.push(
        `The ${side} side changed slots ${unmapped} times that no item of the suite describes; they were compared by their bytes.`,
      );
    }
  }
  const failing = entries
    .filter(({ outcomes }) => !outcomes.some(([outcome]) => outcome === 'success'))
    .map(({ entry }) => entry);
  if (failing.length > 0) {
    sentences.push(`No call of ${failing.join(', ')} ended in success: what they do was not shown.`);
  }
  const { otherwise } = sides.old.seen;
  if (otherwise > 0) {
    sentences.push(
      `The old build, run again, ended ${otherwise} of the recorded calls otherwise than the chain did: the suite’s starting state is not the chain’s, or the capture does not begin there.`,
    );
  }
  return sentences;
}
