import { VmError } from '@switchyard/core';
import { type EngineModules, openSide } from '../app/open-side.ts';
import { parseCaptureLine } from '../capture/capture-line.ts';
import { CaptureReader } from '../capture/to-suite-call.ts';
import { argumentsText } from '../compare/describe-call.ts';
import { digestState } from '../compare/final-state.ts';
import { traceCall } from '../compare/trace-call.ts';
import { CONSTRUCTOR } from '../mapping/compile-mapping.ts';
import type { SideObservation } from '../observe/observation.ts';
import type { SideCounts } from '../observe/observe.ts';
import type { SideDetail } from '../report/report.ts';
import type { Side } from '../sides/side.ts';
import type { SuiteCall } from '../suite/suite.ts';
import type { BatchAnswer, BeginAnswer, CallBatch, SessionSetup, SessionSummary } from './messages.ts';
import { RevertibleBackend } from './revertible-backend.ts';
import { SideStore } from './side-store.ts';

/** Batches that a session can go back over: as many as are under way at one time. */
export const KEPT_BATCHES = 4;

/** One side of a replay: takes batches of calls, saves checkpoints, and looks at a call again when asked. */
export class SideSession {
  readonly #setup: SessionSetup;
  readonly #side: Side;
  readonly #backend: RevertibleBackend;
  #store: SideStore | undefined;
  readonly #captured: CaptureReader;
  #recent: CallBatch[] = [];

  constructor(setup: SessionSetup, modules: EngineModules) {
    this.#setup = setup;
    this.#store =
      setup.storePath === undefined ? undefined : new SideStore(setup.storePath, setup.checkpoint);
    this.#backend = this.#store?.backend ?? new RevertibleBackend();
    try {
      this.#side = openSide(setup.suite, setup.side, { modules, backend: this.#backend, seen: setup.seen });
    } catch (thrown) {
      void this.#store?.close();
      throw thrown;
    }
    const { mapping, oldCalls, oldForm } = this.#side.parts;
    this.#captured = new CaptureReader(mapping, setup.suite.start.contract, oldCalls, oldForm);
  }

  begin(): BeginAnswer {
    if (this.#setup.checkpoint > 0) return { answer: null };
    const construct = this.#setup.suite.start.construct;
    const seen = this.#side.begin();
    if (seen === undefined || construct === undefined) return { answer: null };
    const answer = new AnswerBuilder();
    answer.add(seen, CONSTRUCTOR, this.#argsOf(construct));
    return { answer: answer.finish() };
  }

  run(batch: CallBatch): BatchAnswer {
    this.#backend.mark(KEPT_BATCHES);
    this.#recent = [...this.#recent.slice(1 - KEPT_BATCHES), batch];
    const answer = new AnswerBuilder();
    for (const given of batch.calls) {
      const call = this.#callOf(given);
      if (typeof call === 'string') answer.addCorrupt(call);
      else answer.add(this.#side.run(call), call.entry, this.#argsOf(call));
    }
    return answer.finish();
  }

  /** Saves what has been done so far. @returns the counts until then. */
  checkpoint(): SideCounts {
    this.#store?.save();
    return structuredClone(this.#side.parts.seen);
  }

  /** What the side does in a call of one of the last batches. The state is as before afterwards. */
  detail(index: number): SideDetail {
    const at = this.#recent.findIndex(({ first, calls }) => index >= first && index < first + calls.length);
    if (at < 0) throw new VmError('INTERNAL', `call ${index} is in none of the last batches.`);
    const again = this.#recent.slice(at);
    this.#backend.goBack(again.length);
    this.#side.parts.environment.state.discard();
    this.#recent = this.#recent.slice(0, at);
    let detail: SideDetail | undefined;
    for (const batch of again) {
      this.#backend.mark(KEPT_BATCHES);
      this.#recent.push(batch);
      for (const [offset, given] of batch.calls.entries()) {
        const call = this.#callOf(given);
        if (typeof call === 'string') continue;
        if (batch.first + offset === index) detail = traceCall(this.#side, call);
        else this.#side.execute(call);
      }
    }
    return detail!;
  }

  summary(): SessionSummary {
    const { engine, engineVersion, seen } = this.#side.parts;
    return { engine, engineVersion, seen, digest: digestState(this.#side.state()) };
  }

  state() {
    return [...this.#side.state()];
  }

  /** Closes the store; a second time nothing happens. */
  async close(): Promise<null> {
    const store = this.#store;
    this.#store = undefined;
    await store?.close();
    return null;
  }

  /** The call, or why there is none. */
  #callOf(given: string | SuiteCall): SuiteCall | string {
    if (typeof given !== 'string') return given;
    try {
      return this.#captured.read(parseCaptureLine(given));
    } catch (thrown) {
      if (thrown instanceof VmError && thrown.code === 'CAPTURE_INVALID') return thrown.message;
      throw thrown;
    }
  }

  #argsOf(call: SuiteCall): string {
    return this.#setup.side === 'old' ? argumentsText(this.#setup.suite, call) : '';
  }
}

class AnswerBuilder {
  readonly #texts: string[] = [];
  readonly #gas: number[] = [];
  readonly #notes: string[] = [];
  readonly #entries: string[] = [];
  readonly #args: string[] = [];
  readonly #corrupt: [number, string][] = [];

  add({ text, gas, notes }: SideObservation, entry: string, args: string): void {
    this.#push(text, gas, notes, entry, args);
  }

  addCorrupt(reason: string): void {
    this.#corrupt.push([this.#texts.length, reason]);
    this.#push('', 0, '', '', '');
  }

  finish(): BatchAnswer {
    return {
      texts: this.#texts,
      gas: this.#gas,
      notes: this.#notes,
      entries: this.#entries,
      args: this.#args,
      corrupt: this.#corrupt,
    };
  }

  #push(text: string, gas: number, notes: string, entry: string, args: string): void {
    this.#texts.push(text);
    this.#gas.push(gas);
    this.#notes.push(notes);
    this.#entries.push(entry);
    this.#args.push(args);
  }
}
