import {
  argumentFromText,
  type CallParameter,
  encodeCallInput,
  type ParameterCodec,
  VmError,
} from '@switchyard/core';

/**
 * The input that `--arg`s make; see `encodeCallInput`.
 * @throws VmError USAGE_INVALID naming the argument; VALUE_INVALID for one that the engine has no form for.
 */
export function encodeArguments(
  args: readonly string[],
  calls?: ParameterCodec,
  network?: string,
): Uint8Array {
  return encodeCallInput(args.map(parseArgument), calls, network);
}

function parseArgument(argument: string): CallParameter {
  try {
    return argumentFromText(argument);
  } catch (thrown) {
    if (!(thrown instanceof VmError)) throw thrown;
    throw new VmError('USAGE_INVALID', `--arg: ${thrown.message}`);
  }
}
