import type { MachineView } from '@switchyard/core';
import type { CodePlaces } from '../follow/code-places.ts';

/** An instruction as the disassembler prints it. */
export interface InstructionText {
  readonly text: string;
  readonly mnemonic: string;
}

/** Texts of instructions, made once for each position of a code. */
export class InstructionTexts {
  readonly #byCode = new Map<CodePlaces, Map<number, InstructionText>>();

  of(places: CodePlaces, machine: MachineView): InstructionText {
    let texts = this.#byCode.get(places);
    if (texts === undefined) {
      texts = new Map();
      this.#byCode.set(places, texts);
    }
    const { pc } = machine;
    let found = texts.get(pc);
    if (found === undefined) {
      const text = machine.instruction();
      found = { text, mnemonic: text.split(' ', 1)[0]! };
      texts.set(pc, found);
    }
    return found;
  }
}
