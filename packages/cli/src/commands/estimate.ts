import type { GasEstimate, TransactionRequest } from '@switchyard/core';
import pc from 'picocolors';
import type { App } from '../app/open-app.ts';
import { type TargetOptions, withTarget } from '../app/open-target.ts';
import { parseInteger } from '../arguments/parse.ts';
import type { CommandReport } from '../output/reporter.ts';

/** Options of `switchyard estimate`. `--gas` bounds the estimate. */
export interface EstimateCommandOptions extends TargetOptions {
  /** Percent on top of the need. */
  readonly margin?: string;
  /** Run at the need and at one less, and show both ends. */
  readonly prove?: boolean;
}

/** How a call ends at the estimated need and at one unit less. */
export interface EstimateProof {
  readonly atNeed: string;
  readonly atOneLess: string;
}

/** An estimate, and its proof where one was asked for. */
export interface EstimateReport {
  readonly estimate: GasEstimate;
  readonly proof: EstimateProof | null;
}

/** Estimates a call of a deployed contract, or of a contract file in an empty state. The state is left as it is. */
export async function estimateCall(
  target: string,
  options: EstimateCommandOptions = {},
): Promise<EstimateReport> {
  return withTarget(target, options, ({ app, request }) => {
    const margin =
      options.margin === undefined
        ? {}
        : { marginPercent: parseInteger(options.margin, '--margin', 0, 10_000) };
    const estimate = app.environment.estimateGas(request, margin);
    return { estimate, proof: options.prove === true ? prove(app, request, estimate) : null };
  });
}

/** Runs the call twice without keeping anything. */
function prove(app: App, request: TransactionRequest, estimate: GasEstimate): EstimateProof {
  const need = estimate.gasLimit - estimate.margin;
  const end = (gasLimit: bigint): string => {
    const { status, error } = app.environment.simulate({ ...request, gasLimit });
    return error === null ? status : `${status}, ${error.code}`;
  };
  return { atNeed: end(need), atOneLess: end(need - 1n) };
}

/** `switchyard estimate TARGET`. */
export async function estimateCommand(
  target: string,
  options: EstimateCommandOptions,
): Promise<CommandReport> {
  const { estimate, proof } = await estimateCall(target, options);
  return {
    command: 'estimate',
    exitCode: 0,
    data: { target, estimate, proof },
    text: () => formatEstimate(estimate, proof),
  };
}

function formatEstimate(estimate: GasEstimate, proof: EstimateProof | null): string {
  const meaning =
    estimate.method === 'exact' ? 'the smallest limit that works' : 'a limit that works, found by search';
  const lines = [
    `${pc.bold(`${estimate.gasLimit}`)} gas, ${meaning}${estimate.margin > 0n ? `, with a margin of ${estimate.margin}` : ''}`,
    `  ${pc.dim('used'.padEnd(14))}${estimate.gasUsed}`,
    `  ${pc.dim('runs'.padEnd(14))}${estimate.runs}`,
  ];
  if (estimate.exceedsLimit) {
    lines.push(`  ${pc.dim('note'.padEnd(14))}above what the block or a transaction may use`);
  }
  if (proof !== null) {
    const need = estimate.gasLimit - estimate.margin;
    lines.push(`  ${pc.dim(`at ${need}`.padEnd(14))}${proof.atNeed}`);
    lines.push(`  ${pc.dim(`at ${need - 1n}`.padEnd(14))}${proof.atOneLess}`);
  }
  return lines.join('\n');
}
