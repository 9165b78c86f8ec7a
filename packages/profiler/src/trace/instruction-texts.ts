import type { MachineView } from '@switchyard/core';
import type { CodePlaces } from '../follow/code-places.ts';

/** Texts of instructions, made once for each position of a code. */
export class InstructionTexts {
  readonly #byCode = new Map<CodePlaces, Map<number, string>>();

  of(places: CodePlaces, machine: MachineView): string {
    let texts = this.#byCode.get(places);
    if (texts === undefined) {
      texts = new Map();
      this.#byCode.set(places, texts);
    }
    let text = texts.get(machine.pc);
    if (text === undefined) {
      text = machine.instruction();
      texts.set(machine.pc, text);
    }
    return text;
  }
}
