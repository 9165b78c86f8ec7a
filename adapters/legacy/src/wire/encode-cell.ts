import { VmError } from '@switchyard/core';
import type { Box } from '../values/box.ts';
import { cellWire } from './cell-writer.ts';
import { wireFault } from './wire-fault.ts';

/** A cell's wire form, which reads back as the same cell. @throws VmError VALUE_INVALID for a cell that has none. */
export function encodeCell(box: Box): Uint8Array {
  const fault = wireFault(box);
  if (fault !== undefined) throw serializationError(`the cell has no wire form: ${fault}`);
  return cellWire(box);
}

/** A value that cannot be written. */
export function serializationError(what: string): VmError {
  return new VmError('VALUE_INVALID', `${what}.`, {
    native: { name: 'SerializationFailed', detail: `SerializationFailed(${JSON.stringify(what)})` },
  });
}
