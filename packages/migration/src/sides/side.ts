import {
  type BlockInfo,
  type CallCodec,
  codeHash,
  type DeployRequest,
  type EngineTools,
  type ExecutionEnvironment,
  MAX_U64,
  type RunObserver,
  type StateBackend,
  type StateChange,
  type StateEntry,
  type TransactionRequest,
  type TransactionResult,
  type TypedValue,
  VmError,
  type VmErrorCode,
} from '@switchyard/core';
import { endOf } from '../capture/capture-line.ts';
import { type Canonical, fromCanonical, hex, type ValueForm } from '../mapping/canonical.ts';
import { CONSTRUCTOR } from '../mapping/compile-mapping.ts';
import type { EntryMapping, Mapping, SideName } from '../mapping/mapping.ts';
import type { SideObservation } from '../observe/observation.ts';
import { assetLine, Observer, refused, type SideCounts } from '../observe/observe.ts';
import { placeOf } from '../observe/place.ts';
import type { StartState, Suite, SuiteCall } from '../suite/suite.ts';

/** A store that a side may keep its state in: it can also be listed. */
export interface SideBackend extends StateBackend {
  entries(): Iterable<StateEntry>;
}

/** What a side is made of; `openSide` puts it together. */
export interface SideParts {
  readonly name: SideName;
  readonly suite: Suite;
  readonly mapping: Mapping;
  readonly environment: ExecutionEnvironment;
  readonly backend: SideBackend;
  readonly tools: EngineTools;
  /** Name of the engine that runs the code. */
  readonly engine: string;
  readonly engineVersion: string;
  readonly form: ValueForm;
  /** Where slots that are not compared are counted. */
  readonly seen: SideCounts;
  /** How the old side's engine writes calls: captures are in its form. */
  readonly oldCalls: CallCodec;
  readonly oldForm: ValueForm;
}

/** What an environment or an engine says of a call that it does not take: nothing has happened then. */
const REFUSALS: readonly VmErrorCode[] = ['INPUT_TOO_LARGE', 'LIMIT_EXCEEDED', 'VALUE_INVALID'];

/** One entry of a side's final state, in the form that both sides share. */
export type StateLine = readonly [place: string, value: Canonical];

/** One of the two builds with a state of its own, taking calls one after another. */
export class Side {
  readonly parts: SideParts;
  readonly #observer: Observer;
  readonly #start: StartState;

  constructor(parts: SideParts) {
    this.parts = parts;
    this.#start = parts.suite.start;
    this.#observer = new Observer(parts.mapping, parts.name, this.#start.contract, parts.seen);
  }

  /**
   * Makes the starting state in an empty store: balances, the code, the constructor's call, the declared storage.
   * @returns what the constructor did; undefined when there is none. @throws VmError when the code cannot be deployed.
   */
  begin(observer?: RunObserver): SideObservation | undefined {
    this.#checkEntries();
    const { environment, backend } = this.parts;
    const { balances, storage, construct } = this.#start;
    backend.commit(
      balances.map(
        ({ account, asset, amount }): StateChange => ({
          kind: 'balance',
          address: account,
          asset,
          before: 0n,
          after: amount,
        }),
      ),
    );
    const result = environment.deploy({
      ...this.#deployment(construct),
      ...(observer === undefined ? {} : { observer }),
    });
    if (result.engine === null || (result.error !== null && !result.constructed)) {
      throw notDeployed(this.parts, result.error);
    }
    if (storage.length > 0) backend.commit(storage.map((slot) => this.#slotChange(slot)));
    const entry = this.parts.mapping.entries.get(CONSTRUCTOR);
    return construct === undefined ? undefined : this.#observer.observe(result, entry);
  }

  /** Runs a call and says what it did; one that the side does not take ends as `refused CODE`. @throws VmError SUITE_INVALID for arguments that are not of the declared types. */
  run(call: SuiteCall, extra: Partial<TransactionRequest> = {}): SideObservation {
    const result = this.execute(call, extra);
    if (result instanceof VmError) return refused(result);
    const { name, seen } = this.parts;
    if (name === 'old' && call.recorded !== undefined && call.recorded !== endOf(result)) seen.otherwise++;
    return this.#observer.observe(result, this.entryOf(call));
  }

  /** Runs a call. @returns the error instead when the side does not take the call; nothing has happened then. */
  execute(call: SuiteCall, extra: Partial<TransactionRequest> = {}): TransactionResult | VmError {
    try {
      return this.parts.environment.call({ ...this.request(call), ...extra });
    } catch (thrown) {
      if (thrown instanceof VmError && REFUSALS.includes(thrown.code)) return thrown;
      throw thrown;
    }
  }

  /** The call as this side's engine takes it. */
  request(call: SuiteCall): TransactionRequest {
    const entry = this.entryOf(call);
    return {
      contract: this.#start.contract,
      sender: call.sender,
      entry: entry.entry[this.parts.name],
      input: this.#input(entry, call.args),
      value: call.value,
      deposits: call.deposits,
      gasLimit: call.gasLimit[this.parts.name] ?? this.parts.suite.gas.limit,
      block: this.#block(call),
      ...(call.txHash === undefined ? {} : { txHash: call.txHash }),
    };
  }

  /** The declared entry of a call. @throws VmError SUITE_INVALID. */
  entryOf(call: SuiteCall): EntryMapping {
    const entry = this.parts.mapping.entries.get(call.entry);
    if (entry !== undefined) return entry;
    throw new VmError('SUITE_INVALID', `there is no entry "${call.entry}".`, {
      hint: `Entries: ${[...this.parts.mapping.entries.keys()].join(', ') || 'none'}.`,
    });
  }

  /** Everything held now but code and nonces, in the form that both sides share; in no particular order. */
  *state(): IterableIterator<StateLine> {
    const reader = this.#observer.slots;
    const contract = hex(this.#start.contract);
    for (const entry of this.parts.backend.entries()) {
      if (entry.kind === 'balance') {
        yield [`balance ${hex(entry.address)} ${hex(entry.asset)}`, `${entry.amount}`];
      } else if (entry.kind === 'asset') {
        yield [`asset ${hex(entry.asset)}`, assetLine(entry.record)];
      } else if (entry.kind === 'storage' && hex(entry.contract) === contract) {
        const slot = reader.read(entry.key);
        const value = slot.value(entry.value);
        if (slot.own === undefined && value !== null) yield [placeOf(slot.item, slot.fields), value];
      }
    }
  }

  /** @throws VmError SUITE_INVALID: calls of an entry that is not there would fail alike on both sides, and pass for equal. */
  #checkEntries(): void {
    const { name, suite, tools, mapping } = this.parts;
    const { valid, entries, hooks } = tools.inspect(suite.sides[name].code);
    if (!valid) return;
    for (const declared of mapping.entries.values()) {
      const entry = declared.entry[name];
      if (entry.kind !== 'entry' && entry.kind !== 'hook') continue;
      if (declared.name === CONSTRUCTOR || (entry.kind === 'entry' ? entries : hooks).includes(entry.id))
        continue;
      throw new VmError(
        'SUITE_INVALID',
        `entries.${declared.name}: ${suite.sides[name].name} (${name}) has no ${entry.kind}_${entry.id}.`,
        { hint: '`switchyard inspect` lists the entries of a build.' },
      );
    }
  }

  #deployment(construct: SuiteCall | undefined): DeployRequest {
    const { name, suite } = this.parts;
    const { code, engine } = suite.sides[name];
    const sender = construct?.sender ?? this.#start.contract;
    const base = {
      code,
      address: this.#start.contract,
      sender,
      block: construct === undefined ? this.#start.block : this.#block(construct),
      ...(engine === undefined ? {} : { engine }),
    };
    if (construct === undefined) return { ...base, construct: 'none' };
    const entry = this.entryOf(construct);
    return {
      ...base,
      ...(construct.txHash === undefined ? {} : { txHash: construct.txHash }),
      construct: {
        input: this.#input(entry, construct.args),
        value: construct.value,
        deposits: construct.deposits,
        gasLimit: construct.gasLimit[name] ?? suite.gas.limit,
      },
    };
  }

  #input({ name, parameters }: EntryMapping, args: readonly Canonical[]): Uint8Array {
    if (args.length !== parameters.length) {
      throw new VmError(
        'SUITE_INVALID',
        `${name} takes ${parameters.length} arguments, found ${args.length}.`,
      );
    }
    const values = parameters.map(({ type }, index): { value: TypedValue; type: typeof type } => ({
      value: fromCanonical(args[index]!, type, this.parts.form),
      type,
    }));
    // Cells tell their own types, and an address of cells is no opaque value of 32 bytes.
    const typed = this.parts.form.cells === undefined ? values : values.map(({ value }) => ({ value }));
    return this.parts.tools.calls!.encodeParameters(typed);
  }

  #block(call: SuiteCall): Partial<BlockInfo> {
    return { ...this.#start.block, ...call.block, gasLimit: MAX_U64 };
  }

  #slotChange({ item, fields, value }: StartState['storage'][number]): StateChange {
    const { mapping, name } = this.parts;
    const found = mapping.storage.find((each) => each.name === item);
    if (found === undefined) throw new VmError('SUITE_INVALID', `there is no storage item "${item}".`);
    const form = found.form[name];
    return {
      kind: 'storage',
      contract: this.#start.contract,
      key: form.key.print(fields),
      before: undefined,
      after: form.value.encode(value),
    };
  }
}

function notDeployed({ name, suite }: SideParts, error: VmError | null): VmError {
  const spec = suite.sides[name];
  return new VmError(
    error?.code ?? 'CODE_FORMAT_UNKNOWN',
    `${spec.name} (${name}): ${error?.message ?? 'no engine recognises the code.'}`,
    {
      details: { side: name, sha256: hex(codeHash(spec.code)) },
      ...(error?.hint === undefined ? {} : { hint: error.hint }),
    },
  );
}
