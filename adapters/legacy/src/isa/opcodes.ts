/** What an operand means: to the decoder its width, to assembler and disassembler how it is written. */
export type OperandKind =
  | 'constant'
  | 'register'
  | 'chunk'
  | 'native'
  | 'address'
  | 'type'
  | 'count'
  | 'index'
  | 'magic';

/** One row: all that is true of an opcode (spec §3.2, §9). The index in the table is its byte. */
export interface OpcodeRow {
  readonly code: number;
  readonly name: string;
  /** Assembler mnemonic (spec §9), upper case. */
  readonly mnemonic: string;
  readonly gas: number;
  readonly operands: readonly OperandKind[];
  /** Bytes of the instruction. */
  readonly size: number;
  /** Missing from the reference's assembler. */
  readonly isExtra: boolean;
  readonly summary: string;
}

/** Bytes of each operand, little-endian. */
export const OPERAND_BYTES: Readonly<Record<OperandKind, number>> = {
  constant: 2,
  register: 2,
  chunk: 2,
  native: 2,
  address: 4,
  type: 1,
  count: 1,
  index: 1,
  magic: 1,
};

interface RowOptions {
  readonly mnemonic?: string;
  readonly isExtra?: boolean;
}

function row(
  code: number,
  name: string,
  gas: number,
  operands: readonly OperandKind[],
  summary: string,
  { mnemonic = name.toUpperCase(), isExtra = false }: RowOptions = {},
): OpcodeRow {
  const size = operands.reduce((sum, operand) => sum + OPERAND_BYTES[operand], 1);
  return { code, name, mnemonic, gas, operands, size, isExtra, summary };
}

const extra: RowOptions = { isExtra: true };

/** Every opcode; `OPCODES[byte]`. */
export const OPCODES: readonly OpcodeRow[] = [
  row(0x00, 'Constant', 1, ['constant'], '→ copy of a constant; + memory'),
  row(0x01, 'MemoryLoad', 5, ['register'], '→ pointer to a register'),
  row(0x02, 'MemorySet', 5, ['register'], 'v → ; stores in a register'),
  row(0x03, 'MemoryPop', 3, [], '→ last register, removed; + memory', extra),
  row(0x04, 'MemoryLen', 1, [], '→ u32 register count; + memory', extra),
  row(0x05, 'MemoryToOwned', 5, ['register'], 'a register becomes a private copy', extra),
  row(0x06, 'SubLoad', 5, ['index'], 'obj → element'),
  row(0x07, 'Pop', 1, [], 'v →'),
  row(0x08, 'PopN', 1, ['count'], 'drops values'),
  row(0x09, 'Copy', 1, [], 'v → v, owned copy; + memory'),
  row(0x0a, 'CopyN', 1, ['index'], '→ owned copy of a slot counted from the bottom; + memory'),
  row(0x0b, 'ToOwned', 1, [], 'top becomes an owned copy', extra),
  row(0x0c, 'Swap', 1, ['index'], 'exchanges top and a slot below'),
  row(0x0d, 'Swap2', 1, ['index', 'index'], 'exchanges two slots below top'),
  row(0x0e, 'Jump', 2, ['address'], 'goes to an address of the chunk'),
  row(0x0f, 'JumpIfFalse', 3, ['address'], 'bool → ; goes there if false'),
  row(0x10, 'IterableLength', 3, [], 'obj → u32 length; + memory'),
  row(0x11, 'IteratorBegin', 5, [], 'v → ; opens an iterator'),
  row(0x12, 'IteratorNext', 1, ['address'], '→ next item, or goes there; + memory'),
  row(0x13, 'IteratorEnd', 1, [], 'closes the iterator'),
  row(0x14, 'Return', 1, [], 'ends the frame'),
  row(0x15, 'ArrayCall', 2, [], 'obj, u32 → element; + memory'),
  row(0x16, 'Cast', 1, ['type'], 'v → v of another type'),
  row(0x17, 'InvokeChunk', 5, ['chunk', 'count'], 'reverses arguments, enters a chunk'),
  row(0x18, 'SysCall', 2, ['native'], 'calls a native'),
  row(0x19, 'NewObject', 1, ['count'], 'v1…vn → [v1…vn]; + memory'),
  row(0x1a, 'NewRange', 1, [], 'start, end → range; + memory'),
  row(0x1b, 'NewMap', 1, ['count'], 'k1,v1…kn,vn → map, last pair first; + memory'),
  row(0x1c, 'Add', 1, [], 'a, b → a + b'),
  row(0x1d, 'Sub', 1, [], 'a, b → a − b'),
  row(0x1e, 'Mul', 3, [], 'a, b → a · b'),
  row(0x1f, 'Div', 8, [], 'a, b → a ÷ b'),
  row(0x20, 'Mod', 8, [], 'a, b → a mod b'),
  row(0x21, 'Pow', 35, [], 'a, u32 → a to the power'),
  row(0x22, 'And', 2, [], 'bool, bool → both'),
  row(0x23, 'Or', 1, [], 'bool, bool → either'),
  row(0x24, 'BitwiseAnd', 1, [], 'a, b → a & b', { mnemonic: 'BITWISE_AND' }),
  row(0x25, 'BitwiseOr', 1, [], 'a, b → a | b', { mnemonic: 'BITWISE_OR' }),
  row(0x26, 'BitwiseXor', 1, [], 'a, b → a ^ b', { mnemonic: 'BITWISE_XOR' }),
  row(0x27, 'BitwiseShl', 5, [], 'a, b → a << b', { mnemonic: 'BITWISE_SHL' }),
  row(0x28, 'BitwiseShr', 5, [], 'a, b → a >> b', { mnemonic: 'BITWISE_SHR' }),
  row(0x29, 'Eq', 2, [], 'a, b → equal'),
  row(0x2a, 'Neg', 1, [], 'bool → not'),
  row(0x2b, 'Gt', 2, [], 'a, b → a > b'),
  row(0x2c, 'Lt', 2, [], 'a, b → a < b'),
  row(0x2d, 'Gte', 2, [], 'a, b → a ≥ b'),
  row(0x2e, 'Lte', 2, [], 'a, b → a ≤ b'),
  row(0x2f, 'Assign', 2, [], 'target, v → ; writes through the target'),
  row(0x30, 'AssignAdd', 3, [], 'target, v → ; target + v'),
  row(0x31, 'AssignSub', 3, [], 'target, v → ; target − v'),
  row(0x32, 'AssignMul', 5, [], 'target, v → ; target · v'),
  row(0x33, 'AssignDiv', 10, [], 'target, v → ; target ÷ v'),
  row(0x34, 'AssignMod', 10, [], 'target, v → ; target mod v'),
  row(0x35, 'AssignPow', 35, [], 'target, u32 → ; target to the power'),
  row(0x36, 'AssignBitwiseAnd', 3, [], 'target, v → ; target & v', { mnemonic: 'ASSIGNAND' }),
  row(0x37, 'AssignBitwiseOr', 3, [], 'target, v → ; target | v', { mnemonic: 'ASSIGNOR' }),
  row(0x38, 'AssignBitwiseXor', 3, [], 'target, v → ; target ^ v', { mnemonic: 'ASSIGNXOR' }),
  row(0x39, 'AssignBitwiseShl', 7, [], 'target, v → ; target << v', { mnemonic: 'ASSIGNSHL' }),
  row(0x3a, 'AssignBitwiseShr', 7, [], 'target, v → ; target >> v', { mnemonic: 'ASSIGNSHR' }),
  row(0x3b, 'Inc', 1, [], 'top + 1 in place'),
  row(0x3c, 'Dec', 1, [], 'top − 1 in place'),
  row(0x3d, 'Flatten', 5, [], 'obj → its elements; + their number'),
  row(0x3e, 'Match', 2, ['magic', 'address'], 'tests the top; goes there on a miss'),
  row(0x3f, 'DynamicCall', 5, ['count'], 'calls the function value on top', extra),
];

const BY_MNEMONIC: ReadonlyMap<string, OpcodeRow> = new Map(OPCODES.map((each) => [each.mnemonic, each]));

/** The row of a mnemonic in any case. */
export function opcodeOf(mnemonic: string): OpcodeRow | undefined {
  return BY_MNEMONIC.get(mnemonic.toUpperCase());
}
