import { Box, bytesOf, elementsOf, rangeOf, resolve, type WorkMeter } from '../values/box.ts';
import { compareCells } from '../values/compare.ts';
import { copyInto, moveInto } from '../values/copy.ts';
import { isInteger, Kind } from '../values/kind.ts';
import { integerOf, setInteger, setSmall } from '../values/make.ts';
import { valueTrap } from './trap.ts';

/**
 * An iterator of a frame (spec §3.3). Holds the value, owned or as a pointer, and an index; the value is read again at every step, so
 * that pushing to an array while iterating extends the loop. Reused when the frame closes it.
 */
export class CellIterator {
  /** The value or a pointer to it. */
  readonly subject = new Box();
  /** The next index: the range's own integer kind, or u32. */
  readonly index = new Box();

  /** Begins over a popped slot. */
  begin(slot: Box): void {
    moveInto(this.subject, slot);
    this.subject.origin = slot.origin;
    const value = resolve(slot);
    if (value.kind === Kind.Range) moveInto(this.index, rangeOf(value).start);
    else setSmall(this.index, Kind.U32, 0);
  }

  /** Writes an owned copy of the next item. @returns false when there is none; the index has moved all the same. */
  next(item: Box, meter: WorkMeter): boolean {
    const value = resolve(this.subject);
    const current = this.index.lo >>> 0;
    switch (value.kind) {
      case Kind.Object: {
        this.#advance();
        const element = elementsOf(value)[current];
        if (element === undefined) return false;
        copyInto(item, element, meter);
        return true;
      }
      case Kind.Bytes: {
        this.#advance();
        const { data, length } = bytesOf(value);
        if (current >= length) return false;
        setSmall(item, Kind.U8, data[current]!);
        return true;
      }
      case Kind.Range: {
        const order = compareCells(this.index, rangeOf(value).end);
        moveInto(item, this.index);
        this.#advance();
        return order !== undefined && order < 0;
      }
      default:
        this.#advance();
        return false;
    }
  }

  #advance(): void {
    const { index } = this;
    if (index.kind === Kind.U32) index.lo = (index.lo + 1) | 0;
    else if (isInteger(index.kind)) setInteger(index, index.kind, integerOf(index) + 1n);
    else throw valueTrap('OperationNotNumberType');
  }
}
