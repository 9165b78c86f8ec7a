import { quoteDebug } from '../native-error.ts';

/** An operand of a statement; integers and registers are signed 64-bit (spec §10.1). */
export type Operand =
  | { readonly kind: 'register'; readonly number: bigint }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'memory'; readonly base: bigint; readonly offset: bigint }
  | { readonly kind: 'label'; readonly name: string };

/** Prints operands as the reference does in `Unexpected operands: […]`. */
export function describeOperands(operands: readonly Operand[]): string {
  return `[${operands.map(describe).join(', ')}]`;
}

function describe(operand: Operand): string {
  switch (operand.kind) {
    case 'register':
      return `Register(${operand.number})`;
    case 'integer':
      return `Integer(${operand.value})`;
    case 'memory':
      return `Memory(${operand.base}, ${operand.offset})`;
    case 'label':
      return `Label(${quoteDebug(operand.name)})`;
  }
}
