import { type CallCodec, type CellCodec, misfit, WireError, WireReader } from '@switchyard/core';
import { addressBytes } from './chain/opaque-values.ts';
import { Trap } from './interpreter/trap.ts';
import { validateConstant } from './module/validator.ts';
import { unmetered } from './values/box.ts';
import { cellOf, typedOf } from './values/typed.ts';
import { CellWriter } from './wire/cell-writer.ts';
import { serializationError } from './wire/encode-cell.ts';
import { decodeModule } from './wire/module-wire.ts';
import { readCell } from './wire/read-cell.ts';
import { wireFault } from './wire/wire-fault.ts';

const MAX_PARAMETERS = 255;

const ACCOUNT = 32;

/** Cells in wire form. */
const cells: CellCodec = {
  encode(value) {
    const wrong = misfit(value, { kind: 'any' });
    if (wrong !== undefined) throw serializationError(wrong);
    const cell = cellOf(value, unmetered);
    const fault = wireFault(cell);
    if (fault !== undefined) throw serializationError(fault);
    return new CellWriter().cell(cell).finish();
  },
  decode(bytes) {
    try {
      const reader = new WireReader(bytes);
      const value = typedOf(readCell(reader), unmetered);
      return reader.isAtEnd ? value : undefined;
    } catch (thrown) {
      if (isNoValue(thrown)) return undefined;
      throw thrown;
    }
  },
  address: (account, network) => ({
    kind: 'opaque',
    type: 'Address',
    content: addressBytes(account, network === 'mainnet'),
  }),
  accountOf(value) {
    if (value.kind !== 'opaque' || value.type !== 'Address') return undefined;
    return value.content.slice(1, 1 + ACCOUNT);
  },
};

/** A handle has no wire form, and what is nested too deep no typed one. */
function isNoValue(thrown: unknown): boolean {
  return thrown instanceof WireError || thrown instanceof Trap;
}

/** Calls of legacy contracts: the input is the parameters' count and their cells; the result is the cell that the run left. */
export const legacyCalls: CallCodec = Object.freeze<CallCodec>({
  cells,
  encodeParameters(parameters) {
    if (parameters.length === 0) return new Uint8Array(0);
    if (parameters.length > MAX_PARAMETERS) {
      throw serializationError(`${parameters.length} parameters; at most ${MAX_PARAMETERS} can be passed`);
    }
    const writer = new CellWriter().u8(parameters.length);
    for (const [index, { value, type }] of parameters.entries()) {
      const wrong = misfit(value, type ?? { kind: 'any' });
      if (wrong !== undefined) throw serializationError(`parameter ${index}: ${wrong}`);
      const cell = cellOf(value, unmetered);
      // The writer cuts what does not fit, and the rest would be read as the parameters that follow: nothing may pass here that is not
      // read back as itself.
      const fault = wireFault(cell) ?? validateConstant(cell)?.detail;
      if (fault !== undefined) throw serializationError(`parameter ${index}: ${fault}`);
      writer.cell(cell);
    }
    return writer.finish();
  },
  decodeParameters(input) {
    if (input.length === 0) return [];
    const reader = new WireReader(input);
    try {
      const values = Array.from({ length: reader.u8() }, () => typedOf(readCell(reader), unmetered));
      if (!reader.isAtEnd)
        throw serializationError(`the parameters end at byte ${reader.position} of ${input.length}`);
      return values;
    } catch (thrown) {
      if (isNoValue(thrown)) throw serializationError((thrown as Error).message);
      throw thrown;
    }
  },
  resultOf({ returnData }) {
    if (returnData.length === 0) return undefined;
    try {
      const reader = new WireReader(returnData);
      const value = typedOf(readCell(reader), unmetered);
      if (reader.isAtEnd) return value;
      throw serializationError(
        `the result is no cell: one ends at byte ${reader.position} of ${returnData.length}`,
      );
    } catch (thrown) {
      if (isNoValue(thrown)) return undefined;
      throw thrown;
    }
  },
  moduleLength(bytes) {
    const decoded = decodeModule(bytes);
    return decoded.ok ? decoded.consumed : undefined;
  },
});
