import type { SideDetail, TracedStep } from '../report/report.ts';
import type { Side } from '../sides/side.ts';
import type { SuiteCall } from '../suite/suite.ts';

/** Steps and state lines that a report shows of one call. */
const SHOWN_STEPS = 200;
const SHOWN_STATE = 500;

/** Runs a call with a trace: its last steps, and the contract's state before it. */
export function traceCall(side: Side, call: SuiteCall): SideDetail {
  const stateBefore = [...side.state()].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, SHOWN_STATE);
  const steps: TracedStep[] = [];
  let count = 0;
  side.execute(call, {
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
