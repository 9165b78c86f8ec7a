import { type Box, bytesOf, elementsOf, mapOf, rangeOf, textOf } from '../values/box.ts';
import { describeCell } from '../values/display.ts';
import { Kind } from '../values/kind.ts';

/** Characters, bytes, elements and levels that are shown: a value may be of any size, a line may not. */
const SHOWN_CHARACTERS = 200;
const SHOWN_BYTES = 64;
const SHOWN_ELEMENTS = 8;
const SHOWN_LEVELS = 3;

/** Text of a value as `describeCell` gives it, with what is beyond a line left out: `…`. */
export function previewCell(box: Box, levels = SHOWN_LEVELS): string {
  switch (box.kind) {
    case Kind.String: {
      const text = textOf(box);
      return text.length > SHOWN_CHARACTERS
        ? `${JSON.stringify(text.slice(0, SHOWN_CHARACTERS))}…`
        : describeCell(box);
    }
    case Kind.Bytes: {
      const { length } = bytesOf(box);
      if (length <= SHOWN_BYTES) return describeCell(box);
      return `bytes[${bytesOf(box).bytes.subarray(0, SHOWN_BYTES).join(', ')}, … ${length} in all]`;
    }
    case Kind.Range:
      return `range(${previewCell(rangeOf(box).start, levels)}..${previewCell(rangeOf(box).end, levels)})`;
    case Kind.Object: {
      if (levels === 0) return '[…]';
      const elements = elementsOf(box);
      const shown = elements.slice(0, SHOWN_ELEMENTS).map((element) => previewCell(element, levels - 1));
      return `[${shown.join(', ')}${elements.length > SHOWN_ELEMENTS ? `, … ${elements.length} in all` : ''}]`;
    }
    case Kind.Map: {
      if (levels === 0) return '{…}';
      const { keys, values } = mapOf(box);
      const shown = keys
        .slice(0, SHOWN_ELEMENTS)
        .map((key, index) => `${previewCell(key, levels - 1)}=>${previewCell(values[index]!, levels - 1)}`);
      return `{${shown.join(', ')}${keys.length > SHOWN_ELEMENTS ? `, … ${keys.length} in all` : ''}}`;
    }
    default:
      return describeCell(box);
  }
}
