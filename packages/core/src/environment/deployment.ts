import { equalBytes, ZERO_32 } from '../bytes.ts';
import { VmError } from '../errors/vm-error.ts';
import type { ExecutionResult } from '../vm/execution-result.ts';
import { asFailed, failedResult } from '../vm/failed-result.ts';
import { contractAddress } from './contract-address.ts';
import type { EnvironmentParts } from './environment-options.ts';
import type { Frame } from './frame.ts';
import type { FrameRunner } from './frame-runner.ts';
import type { DeployRequest } from './requests.ts';

/** What a deployment's run found out. */
export interface Deployment {
  readonly result: ExecutionResult;
  /** True when value and deposits had been taken before a failure. */
  readonly fundsTaken: boolean;
  readonly engine: string | null;
  readonly constructed: boolean;
}

/** Address of the contract that a request deploys. @throws VmError CONTEXT_INVALID for the tx-hash policy without a hash. */
export function deploymentAddress(parts: EnvironmentParts, request: DeployRequest): Uint8Array {
  if (request.address !== undefined) return request.address;
  if (parts.deploy.addressPolicy === 'creator-nonce') {
    return contractAddress(request.sender, parts.state.getNonce(request.sender));
  }
  if (request.txHash === undefined || equalBytes(request.txHash, ZERO_32)) {
    throw new VmError(
      'CONTEXT_INVALID',
      'txHash: deploy.addressPolicy is tx-hash, so a transaction hash is needed.',
    );
  }
  return request.txHash.slice();
}

/** Checks the code, stores it and runs the constructor. Leaves the state as it is on failure: the caller holds the checkpoint. */
export function runDeployment(runner: FrameRunner, request: DeployRequest, frame: Frame): Deployment {
  const { parts, preparer } = runner;
  const { state, limits, deploy } = parts;
  const { code } = request;
  const refused = (error: VmError, engine: string | null = null): Deployment => ({
    result: failedResult(error),
    fundsTaken: false,
    engine,
    constructed: false,
  });
  if (code.length > limits.maxCodeSize) {
    const message = `the code has ${code.length} bytes, the limit is ${limits.maxCodeSize}.`;
    return refused(
      new VmError('CODE_TOO_LARGE', message, { hint: 'Make it smaller, or raise limits.maxCodeSize.' }),
    );
  }
  if (state.getCode(frame.contract) !== undefined || parts.precompiles.get(frame.contract) !== undefined) {
    return refused(
      new VmError('CONTRACT_EXISTS', 'there is already code at the address.', { contract: frame.contract }),
    );
  }
  state.setCode(frame.contract, code, request.engine);
  const stored = state.getCode(frame.contract)!;
  const prepared = preparer.prepare({
    code: stored,
    engine: request.engine,
    address: frame.contract,
    blockHeight: frame.scope.block.height,
  });
  if (prepared.error !== null) return refused(prepared.error, prepared.type);
  const price = deploy.gasPerByte * BigInt(code.length);
  if (price > frame.gasLimit) {
    const message = `storing ${code.length} bytes of code costs ${price} gas, the limit is ${frame.gasLimit}.`;
    return refused(new VmError('OUT_OF_GAS', message), prepared.type);
  }
  const { result, fundsTaken, constructed } = construct(runner, request, {
    ...frame,
    gasLimit: frame.gasLimit - price,
  });
  return {
    result: price === 0n ? result : withStorePrice(result, price),
    fundsTaken,
    engine: prepared.type,
    constructed,
  };
}

type Construction = Pick<Deployment, 'result' | 'fundsTaken' | 'constructed'>;

function construct(runner: FrameRunner, request: DeployRequest, frame: Frame): Construction {
  const none: Construction = { result: nothingRun(), fundsTaken: false, constructed: false };
  if (request.construct === 'none') return none;
  const { result, fundsTaken } = runner.run(frame);
  const missing = result.error?.code === 'ENTRY_NOT_FOUND' && result.gasUsed === 0n;
  if (missing && request.construct === undefined) return none;
  if (missing) {
    const error = new VmError(
      'ENTRY_NOT_FOUND',
      'the deployment calls a constructor, and the code has no hook 0.',
      {
        contract: frame.contract,
        hint: 'Leave the constructor call out, or add hook_0 to the contract.',
        cause: result.error,
      },
    );
    return { result: asFailed(result, error), fundsTaken, constructed: false };
  }
  return { result, fundsTaken, constructed: true };
}

function nothingRun(): ExecutionResult {
  return { ...failedResult(NO_ERROR), status: 'success', exitCode: 0n, error: null };
}

function withStorePrice(result: ExecutionResult, price: bigint): ExecutionResult {
  const stats = { ...result.stats, gasPeak: result.stats.gasPeak + price };
  return { ...result, gasUsed: result.gasUsed + price, stats };
}

const NO_ERROR = new VmError('INTERNAL', 'replaced.');
