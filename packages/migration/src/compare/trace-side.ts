import { openSide } from '../app/open-side.ts';
import type { SideName } from '../mapping/mapping.ts';
import type { SideDetail, TracedStep } from '../report/report.ts';
import type { Suite } from '../suite/suite.ts';
import type { CompareOptions } from './compare.ts';

/** Steps and state lines that a report shows of one call. */
const SHOWN_STEPS = 200;
const SHOWN_STATE = 500;

/**
 * What a side does in the call at an index of the suite's sequence (0: the constructor, of which only the state before is known), found
 * by running the calls before it once more.
 */
export function traceSide(
  suite: Suite,
  name: SideName,
  index: number,
  options: Pick<CompareOptions, 'modules'>,
): SideDetail {
  const side = openSide(suite, name, options);
  if (index === 0) return { trace: [], traceSkipped: 0, stateBefore: [] };
  side.begin();
  for (const call of suite.calls.slice(0, index - 1)) side.execute(call);
  const stateBefore = [...side.state()].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, SHOWN_STATE);
  const steps: TracedStep[] = [];
  let count = 0;
  side.execute(suite.calls[index - 1]!, {
    trace: {
      onStep({ pc, instruction, gasLeft }) {
        // A ring, so that a long call needs no memory.
        steps[count % SHOWN_STEPS] = { pc, instruction, gasLeft: `${gasLeft}` };
        count++;
      },
    },
  });
  const start = count > SHOWN_STEPS ? count % SHOWN_STEPS : 0;
  return {
    trace: [...steps.slice(start), ...steps.slice(0, start)],
    traceSkipped: Math.max(0, count - SHOWN_STEPS),
    stateBefore,
  };
}
