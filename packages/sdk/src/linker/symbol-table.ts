import { elfObject } from './elf-object-constants.ts';
import { linkError } from './link-error.ts';
import type { ObjectFile } from './object-file.ts';
import type { InputSymbol } from './read-symbols.ts';

/** A symbol together with the object that has it. */
export interface OwnedSymbol {
  readonly object: ObjectFile;
  readonly symbol: InputSymbol;
}

/** Global definitions of all objects by name: one strong definition, or the first weak one. */
export class SymbolTable {
  readonly #definitions = new Map<string, OwnedSymbol>();

  constructor(objects: readonly ObjectFile[]) {
    for (const object of objects) {
      for (const symbol of object.symbols) this.#add({ object, symbol });
    }
  }

  /** The definition that a reference in `object` means: the symbol itself, or another object's; undefined when nobody defines it. */
  resolve(object: ObjectFile, symbol: InputSymbol): OwnedSymbol | undefined {
    if (symbol.binding === elfObject.bindingLocal) {
      return symbol.section === elfObject.indexUndefined ? undefined : { object, symbol };
    }
    return this.#definitions.get(symbol.name);
  }

  /** The global definition of a name. */
  get(name: string): OwnedSymbol | undefined {
    return this.#definitions.get(name);
  }

  /** All global definitions, in the order of objects and of their symbol tables. */
  definitions(): Iterable<OwnedSymbol> {
    return this.#definitions.values();
  }

  #add(owned: OwnedSymbol): void {
    const { object, symbol } = owned;
    const { name, binding, section } = symbol;
    if (binding === elfObject.bindingLocal) return;
    const place = { object: object.name, at: `symbol ${name === '' ? symbol.index : name}` };
    if (binding !== elfObject.bindingGlobal && binding !== elfObject.bindingWeak) {
      throw linkError(`symbol binding ${binding} is not supported`, place);
    }
    if (name === '') throw linkError('a global symbol has no name', place);
    // The copy of a group that is left out defines nothing: the names mean those of the copy that stays.
    if (section === elfObject.indexUndefined || object.discarded.has(section)) return;
    if (section === elfObject.indexCommon) {
      throw linkError(`${name} is a common symbol, that is, a writable global`, {
        ...place,
        hint: 'Declare the global const, or keep the value in storage.',
      });
    }
    const earlier = this.#definitions.get(name);
    const isWeak = binding === elfObject.bindingWeak;
    if (earlier === undefined || (earlier.symbol.binding === elfObject.bindingWeak && !isWeak)) {
      this.#definitions.set(name, owned);
    } else if (earlier.symbol.binding === elfObject.bindingGlobal && !isWeak) {
      throw linkError(`${name} is also defined in ${earlier.object.name}`, {
        ...place,
        hint: 'Make one of the two static, or rename it.',
      });
    }
  }
}
