import {
  BorshReader,
  type CallCodec,
  concatBytes,
  encodeBorsh,
  naturalType,
  VmError,
} from '@switchyard/core';

/** Calls of ELF contracts: the input is the parameters' untagged Borsh, one after another; the result is the exit code, a u64. */
export const tbpfCalls: CallCodec = Object.freeze<CallCodec>({
  encodeParameters(parameters) {
    return concatBytes(
      ...parameters.map(({ value, type }, index) => {
        const wanted = type ?? naturalType(value);
        if (wanted !== undefined) return ofParameter(index, () => encodeBorsh(value, wanted));
        throw parameterError(index, 'an object of unlike elements may be a tuple, a struct or an enum value');
      }),
    );
  },
  decodeParameters(input, types) {
    const reader = new BorshReader(input);
    const values = types.map((type, index) => ofParameter(index, () => reader.value(type)));
    if (reader.left > 0) throw parameterError(types.length, `${reader.left} bytes follow the parameters`);
    return values;
  },
  resultOf: ({ exitCode }) => (exitCode === null ? undefined : { kind: 'u64', value: exitCode }),
});

/** Names the parameter in what is thrown. */
function ofParameter<T>(index: number, code: () => T): T {
  try {
    return code();
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
