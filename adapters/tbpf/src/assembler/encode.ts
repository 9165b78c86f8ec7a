import { functionKey, syscallKey } from '../format/murmur3.ts';
import type { Slot } from '../isa/instruction.ts';
import type { VersionFeatures } from '../isa/version.ts';
import type { FunctionRegistry } from '../loader/function-registry.ts';
import { failAssembly } from './assembly-failure.ts';
import type { Mnemonic, MnemonicKind } from './mnemonics.ts';
import { describeOperands, type Operand } from './operand.ts';

/** What the encoding of one program's instructions shares. */
export interface Encoder {
  readonly features: VersionFeatures;
  /** Calls hold hashes instead of slots, as in a loaded V0–V2 file. */
  readonly hashedCalls: boolean;
  readonly labels: ReadonlyMap<string, number>;
  readonly functions: FunctionRegistry;
  /** Collects what each call instruction calls. */
  readonly calls: Map<number, AssembledCall>;
}

/** What a call instruction calls. */
export type AssembledCall =
  | {
      readonly kind: 'function';
      readonly target: number;
      /** The function's key is the one of the name `entrypoint`. */
      readonly byEntryName: boolean;
    }
  /** The name is known where the source gives it. */
  | { readonly kind: 'syscall'; readonly key: number; readonly name: string | undefined };

interface Instruction {
  readonly name: string;
  readonly operands: readonly Operand[];
}

/** Encodes the slot of a `.fill`, from the eight little-endian bytes of its value. */
export function encodeFill(operand: Operand): Slot {
  const value = operand.kind === 'integer' ? operand.value : 0n;
  return {
    opcode: Number(value & 0xffn),
    dst: Number((value >> 8n) & 15n),
    src: Number((value >> 12n) & 15n),
    off: Number(BigInt.asIntN(16, value >> 16n)),
    imm: Number(BigInt.asIntN(32, value >> 32n)),
  };
}

/** Encodes one instruction at slot `pc`; throws `AssemblyFailure`. */
export function encodeInstruction(
  encoder: Encoder,
  mnemonic: Mnemonic,
  instruction: Instruction,
  pc: number,
): readonly Slot[] {
  const slots = encoders[mnemonic.kind](encoder, mnemonic, instruction, pc);
  return slots ?? failAssembly(`Unexpected operands: ${describeOperands(instruction.operands)}`);
}

type Encode = (
  encoder: Encoder,
  mnemonic: Mnemonic,
  instruction: Instruction,
  pc: number,
) => readonly Slot[] | undefined;

const registerForm = 0x08;

/** One encoder per kind; undefined when the operands have the wrong shape. */
const encoders: Readonly<Record<MnemonicKind, Encode>> = {
  alu: encodeAlu,
  unary: (_, { code }, { operands }) => {
    const dst = onlyRegister(operands);
    return dst === undefined ? undefined : [slot(code, dst, 0n, 0n, 0n)];
  },
  endian: (_, { code, width }, { operands }) => {
    const dst = onlyRegister(operands);
    return dst === undefined ? undefined : [slot(code, dst, 0n, 0n, BigInt(width))];
  },
  load: (_, { code }, { operands: [target, source, ...rest] }) => {
    if (target?.kind !== 'register' || source?.kind !== 'memory' || rest.length > 0) return undefined;
    return [slot(code, target.number, source.base, source.offset, 0n)];
  },
  'store-reg': (_, { code }, { operands: [target, source, ...rest] }) => {
    if (target?.kind !== 'memory' || source?.kind !== 'register' || rest.length > 0) return undefined;
    return [slot(code, target.base, source.number, target.offset, 0n)];
  },
  'store-imm': (_, { code }, { operands: [target, value, ...rest] }) => {
    if (target?.kind !== 'memory' || value?.kind !== 'integer' || rest.length > 0) return undefined;
    return [slot(code, target.base, 0n, target.offset, value.value)];
  },
  lddw: (_, { code }, { operands }) => {
    const [target, value] = operands;
    if (target?.kind !== 'register' || value?.kind !== 'integer' || operands.length !== 2) return undefined;
    return [
      slot(code, target.number, 0n, 0n, BigInt.asIntN(32, value.value)),
      slot(0, 0n, 0n, 0n, value.value >> 32n),
    ];
  },
  ja: (encoder, { code }, { operands }, pc) => {
    const off = operands.length === 1 ? jumpOffset(encoder, operands[0]!, pc) : undefined;
    return off === undefined ? undefined : [slot(code, 0n, 0n, off, 0n)];
  },
  jump: encodeJump,
  call: encodeCall,
  syscall: encodeSyscall,
  callx: ({ features }, { code }, { operands }) => {
    const register = onlyRegister(operands);
    if (register === undefined) return undefined;
    return [features.callxInSource ? slot(code, 0n, register, 0n, 0n) : slot(code, 0n, 0n, 0n, register)];
  },
  exit: (_, { code }, { operands }) => (operands.length === 0 ? [slot(code, 0n, 0n, 0n, 0n)] : undefined),
};

function encodeAlu({ features }: Encoder, { code }: Mnemonic, { operands }: Instruction) {
  const [target, value] = operands;
  if (target?.kind !== 'register' || operands.length !== 2) return undefined;
  if (value?.kind === 'register') return [slot(code | registerForm, target.number, value.number, 0n, 0n)];
  if (value?.kind !== 'integer') return undefined;
  if (code === 0x07 && target.number === 10n && !features.dynamicFrames) {
    // V0 cannot move r10; `or64 r0, 0` keeps the slot, so that one source serves all versions.
    return [slot(0x47, 0n, 0n, 0n, 0n)];
  }
  return [slot(code, target.number, 0n, 0n, value.value)];
}

function encodeJump(encoder: Encoder, { code }: Mnemonic, { operands }: Instruction, pc: number) {
  const [left, right, target] = operands;
  if (left?.kind !== 'register' || target === undefined || operands.length !== 3) return undefined;
  if (right?.kind !== 'register' && right?.kind !== 'integer') return undefined;
  const off = jumpOffset(encoder, target, pc);
  if (off === undefined) return undefined;
  return right.kind === 'register'
    ? [slot(code | registerForm, left.number, right.number, off, 0n)]
    : [slot(code, left.number, 0n, off, right.value)];
}

function encodeCall(encoder: Encoder, { code }: Mnemonic, { name, operands }: Instruction, pc: number) {
  const [operand, source] = operands;
  const src = sourceField(encoder, source, encoder.hashedCalls || encoder.features.staticSyscalls ? 1n : 0n);
  if (operands.length > 2 || src === undefined) return undefined;
  if (operand?.kind !== 'integer' && operand?.kind !== 'label') return undefined;
  const next = BigInt(pc) + 1n;
  const target = operand.kind === 'label' ? labelOf(encoder, operand.name) : operand.value + next;
  const byEntryName = encoder.hashedCalls && operand.kind === 'label' && operand.name === 'entrypoint';
  encoder.calls.set(pc, { kind: 'function', target: Number(target), byEntryName });
  if (encoder.hashedCalls) {
    const key = hashedKey(byEntryName ? 'entrypoint' : '', Number(target));
    if (!encoder.functions.register(key, Number(target), byEntryName ? 'entrypoint' : `function_${target}`)) {
      failAssembly(`Label hash collision ${name}`);
    }
    return [slot(code, 0n, src, 0n, BigInt(key | 0))];
  }
  if (operand.kind === 'integer') registerTarget(encoder, target, name);
  return [slot(code, 0n, src, 0n, encoder.features.staticSyscalls ? target - next : target)];
}

function encodeSyscall(encoder: Encoder, { code }: Mnemonic, { operands }: Instruction, pc: number) {
  const [target, source] = operands;
  const src = sourceField(encoder, source, 0n);
  if (operands.length > 2 || src === undefined) return undefined;
  if (target?.kind !== 'integer' && target?.kind !== 'label') return undefined;
  const name = target.kind === 'label' ? target.name : undefined;
  const imm = target.kind === 'label' ? BigInt(syscallKey(target.name) | 0) : target.value;
  encoder.calls.set(pc, { kind: 'syscall', key: Number(BigInt.asUintN(32, imm)), name });
  return [slot(code, 0n, src, 0n, imm)];
}

/** The src field of a call: in V0–V2, where it means nothing, a second operand may say it. */
function sourceField({ features }: Encoder, operand: Operand | undefined, plain: bigint): bigint | undefined {
  if (operand === undefined) return plain;
  return operand.kind === 'integer' && !features.staticSyscalls ? operand.value : undefined;
}

/** Key of a function in a loaded V0–V2 file: of its name for the entry, else of its slot. */
export function hashedKey(name: string, pc: number): number {
  return name === 'entrypoint' ? syscallKey(name) : functionKey(pc);
}

function registerTarget({ functions }: Encoder, target: bigint, mnemonic: string): void {
  const pc = BigInt.asUintN(64, target);
  const key = Number(BigInt.asUintN(32, target));
  if (!functions.register(key, Number(pc), `function_${pc}`)) {
    failAssembly(`Label hash collision ${mnemonic}`);
  }
}

/** The offset of a jump target: an integer as it is, a label relative to the next slot. */
function jumpOffset(encoder: Encoder, target: Operand, pc: number): bigint | undefined {
  if (target.kind === 'integer') return target.value;
  return target.kind === 'label' ? labelOf(encoder, target.name) - BigInt(pc) - 1n : undefined;
}

function labelOf({ labels }: Encoder, name: string): bigint {
  const pc = labels.get(name);
  return pc === undefined ? failAssembly(`Label not found ${name}`) : BigInt(pc);
}

function onlyRegister([operand, ...rest]: readonly Operand[]): bigint | undefined {
  return operand?.kind === 'register' && rest.length === 0 ? operand.number : undefined;
}

/** Checks the ranges of all fields, in the order the reference reports them. */
function slot(opcode: number, dst: bigint, src: bigint, off: bigint, imm: bigint): Slot {
  if (dst < 0n || dst > 15n) failAssembly(`Invalid destination register ${dst}`);
  if (src < 0n || src > 15n) failAssembly(`Invalid source register ${src}`);
  if (BigInt.asIntN(16, off) !== off) failAssembly(`Invalid offset ${off}`);
  if (BigInt.asIntN(32, imm) !== imm) failAssembly(`Invalid immediate ${imm}`);
  return { opcode, dst: Number(dst), src: Number(src), off: Number(off), imm: Number(imm) };
}
