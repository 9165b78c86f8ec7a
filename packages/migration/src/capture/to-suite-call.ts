import { type CallCodec, type EntryPoint, equalBytes, VmError } from '@switchyard/core';
import { type Canonical, hex, toCanonical, type ValueForm } from '../mapping/canonical.ts';
import type { EntryMapping, Mapping } from '../mapping/mapping.ts';
import type { SuiteCall } from '../suite/suite.ts';
import { type CapturedCall, entryText } from './capture-line.ts';

/** Brings recorded calls, which are in the old engine's form, into the form that both sides share. */
export class CaptureReader {
  readonly #entries: ReadonlyMap<string, EntryMapping>;
  readonly #contract: Uint8Array;
  readonly #calls: CallCodec;
  readonly #form: ValueForm;

  /** @param contract address of the suite's contract: calls of any other are refused. */
  constructor(mapping: Mapping, contract: Uint8Array, calls: CallCodec, form: ValueForm) {
    this.#contract = contract;
    this.#entries = new Map(
      [...mapping.entries.values()].map((entry) => [entryText(entry.entry.old), entry]),
    );
    this.#calls = calls;
    this.#form = form;
  }

  /** @throws VmError CAPTURE_INVALID for another contract, an entry that the suite does not declare, or an input that is not its parameters. */
  read(call: CapturedCall): SuiteCall {
    if (!equalBytes(call.contract, this.#contract)) {
      throw new VmError(
        'CAPTURE_INVALID',
        `a call of ${hex(call.contract)}; the suite's contract is ${hex(this.#contract)}.`,
      );
    }
    const entry = this.#entryOf(call.entry);
    return {
      entry: entry.name,
      args: this.#arguments(entry, call.input),
      sender: call.sender,
      value: call.value,
      deposits: call.deposits,
      gasLimit: { old: call.gasLimit, new: undefined },
      block: {
        height: call.height,
        topoheight: call.height,
        timestamp: call.timestamp,
        ...(call.blockHash === undefined ? {} : { hash: call.blockHash }),
      },
      txHash: call.txHash,
      recorded: call.recorded,
    };
  }

  #entryOf(point: EntryPoint): EntryMapping {
    const text = entryText(point);
    const entry = this.#entries.get(text);
    if (entry !== undefined) return entry;
    throw new VmError('CAPTURE_INVALID', `the suite declares no entry for ${text} of the old side.`);
  }

  #arguments({ name, parameters }: EntryMapping, input: Uint8Array): readonly Canonical[] {
    const types = parameters.map(({ type }) => type);
    let values: ReturnType<CallCodec['decodeParameters']>;
    try {
      values = this.#calls.decodeParameters(input, types);
    } catch (thrown) {
      if (!(thrown instanceof VmError) || thrown.code !== 'VALUE_INVALID') throw thrown;
      throw new VmError('CAPTURE_INVALID', `input of ${name}: ${thrown.message}`);
    }
    if (values.length !== types.length) {
      throw new VmError(
        'CAPTURE_INVALID',
        `input of ${name}: expected ${types.length} parameters, found ${values.length}.`,
      );
    }
    return values.map((value, index) => {
      const canonical = toCanonical(value, types[index]!, this.#form);
      if (canonical !== undefined) return canonical;
      throw new VmError(
        'CAPTURE_INVALID',
        `input of ${name}: ${parameters[index]!.name} is of another type.`,
      );
    });
  }
}
