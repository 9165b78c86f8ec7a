import { describeOutcome } from '../describe/describe-outcome.ts';
import type { DeploymentOutcome } from './outcome.ts';

/** Thrown by `TestChain.deploy`; the outcome is what `tryDeploy` would have given. */
export class DeploymentError extends Error {
  readonly outcome: DeploymentOutcome;

  constructor(name: string, outcome: DeploymentOutcome) {
    super(`${name} was not deployed.\n\n${describeOutcome(outcome)}`, { cause: outcome.error });
    this.name = 'DeploymentError';
    this.outcome = outcome;
  }
}
