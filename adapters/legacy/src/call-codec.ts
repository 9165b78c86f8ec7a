import { type CallCodec, misfit, VmError, WireError, WireReader } from '@switchyard/core';
import { readParameters } from './contract.ts';
import { Trap } from './interpreter/trap.ts';
import { unmetered } from './values/box.ts';
import { cellOf, typedOf } from './values/typed.ts';
import { CellWriter } from './wire/cell-writer.ts';
import { decodeModule } from './wire/module-wire.ts';
import { readCell } from './wire/read-cell.ts';

const MAX_PARAMETERS = 255;

/** Calls of legacy contracts: the input is the parameters' count and their cells; the result is the cell that the run left. */
export const legacyCalls: CallCodec = Object.freeze<CallCodec>({
  encodeParameters(parameters) {
    if (parameters.length === 0) return new Uint8Array(0);
    if (parameters.length > MAX_PARAMETERS) {
      throw serializationError(`${parameters.length} parameters; at most ${MAX_PARAMETERS} can be passed`);
    }
    const writer = new CellWriter().u8(parameters.length);
    for (const [index, { value, type }] of parameters.entries()) {
      const wrong = misfit(value, type ?? { kind: 'any' });
      if (wrong !== undefined) throw serializationError(`parameter ${index}: ${wrong}`);
      writer.cell(cellOf(value, unmetered));
    }
    const input = writer.finish();
    // The form has no place for some values: strings from 64 KiB, and opaque values of types that the node doesn't know.
    const read = readParameters(input);
    if (read instanceof VmError)
      throw serializationError(`the parameters have no wire form; ${read.message}`);
    return input;
  },
  resultOf({ returnData }) {
    if (returnData.length === 0) return undefined;
    try {
      return typedOf(readCell(new WireReader(returnData)), unmetered);
    } catch (thrown) {
      // A handle has no wire form, and what is nested too deep no typed one.
      if (thrown instanceof WireError || thrown instanceof Trap) return undefined;
      throw thrown;
    }
  },
  moduleLength(bytes) {
    const decoded = decodeModule(bytes);
    return decoded.ok ? decoded.consumed : undefined;
  },
});

function serializationError(what: string): VmError {
  return new VmError('VALUE_INVALID', `${what}.`, {
    native: { name: 'SerializationFailed', detail: `SerializationFailed(${JSON.stringify(what)})` },
  });
}
