import { type CallCodec, concatBytes, encodeBorsh, naturalType, VmError } from '@switchyard/core';

/** Calls of ELF contracts: the input is the parameters' untagged Borsh, one after another; the result is the exit code, a u64. */
export const tbpfCalls: CallCodec = Object.freeze<CallCodec>({
  encodeParameters(parameters) {
    return concatBytes(
      ...parameters.map(({ value, type }, index) => {
        const wanted = type ?? naturalType(value);
        if (wanted !== undefined) return encodeParameter(index, () => encodeBorsh(value, wanted));
        throw parameterError(index, 'an object of unlike elements may be a tuple, a struct or an enum value');
      }),
    );
  },
  resultOf: ({ exitCode }) => (exitCode === null ? undefined : { kind: 'u64', value: exitCode }),
});

function encodeParameter(index: number, encode: () => Uint8Array): Uint8Array {
  try {
    return encode();
  } catch (thrown) {
    if (!(thrown instanceof VmError)) throw thrown;
    throw parameterError(index, thrown.message.replace(/\.$/, ''));
  }
}

function parameterError(index: number, what: string): VmError {
  return new VmError('VALUE_INVALID', `parameter ${index}: ${what}.`, {
    native: { name: 'SerializationFailed', detail: `SerializationFailed(${JSON.stringify(what)})` },
    hint: "Give a value of the declared type, and the type with it where the value doesn't tell it.",
  });
}
