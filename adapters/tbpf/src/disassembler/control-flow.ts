import type { VersionFeatures } from '../isa/version.ts';
import type { FunctionRegistry } from '../loader/function-registry.ts';
import type { ListedInstruction } from './slots.ts';

/** A basic block. */
interface Block {
  readonly start: number;
  readonly destinations: number[];
  readonly sources: number[];
  endsWithJump: boolean;
}

/** What the printed labels need to know of the control flow. */
export interface ControlFlow {
  readonly blocks: ReadonlyMap<number, Block>;
  /** Name of each registered function that starts at an instruction, by slot. */
  readonly functions: ReadonlyMap<number, string>;
}

const jump = 0x05;
const call = 0x85;
const callx = 0x8d;
const exit = 0x95;

/**
 * Key by which a call finds its function: in V3+ the target. The reference gives the instruction's
 * ordinal here and not its slot, so names after an lddw can be missed (spec §10.3).
 */
export function callKey(features: VersionFeatures, ordinal: number, imm: number): number {
  return (features.staticSyscalls ? ordinal + 1 + imm : imm) >>> 0;
}

/** Slot a jump leads to. */
export function jumpTarget(instruction: ListedInstruction): number {
  return instruction.pc + 1 + instruction.off;
}

/** Splits a program into blocks as the reference's analysis does (spec §10.3). */
export function analyzeControlFlow(
  instructions: readonly ListedInstruction[],
  features: VersionFeatures,
  registry: FunctionRegistry,
): ControlFlow {
  const edges = new Map<number, readonly number[]>();
  const starts = new Set<number>([0]);
  for (const [, { pc }] of registry.entries()) starts.add(pc);
  for (const [ordinal, instruction] of instructions.entries()) {
    const leaders = leadersOf(instruction, ordinal, features, registry);
    if (leaders === undefined) continue;
    for (const start of leaders.starts) starts.add(start);
    edges.set(instruction.pc, leaders.destinations);
  }
  const blocks = createBlocks(instructions, starts);
  const functions = new Map<number, string>();
  for (const [, { pc, name }] of registry.entries()) if (blocks.has(pc)) functions.set(pc, name);
  linkBlocks(instructions, edges, blocks);
  return { blocks, functions };
}

interface Leaders {
  /** Slots that start a block because of this instruction. */
  readonly starts: readonly number[];
  /** Slots that control goes to. */
  readonly destinations: readonly number[];
}

function leadersOf(
  instruction: ListedInstruction,
  ordinal: number,
  features: VersionFeatures,
  registry: FunctionRegistry,
): Leaders | undefined {
  const next = instruction.pc + 1;
  const target = jumpTarget(instruction);
  switch (instruction.opcode) {
    case call: {
      const callee = registry.get(callKey(features, ordinal, instruction.imm));
      return callee && { starts: [next, callee.pc], destinations: [next] };
    }
    case callx:
      return { starts: [next], destinations: [next] };
    case exit:
      return features.staticSyscalls ? undefined : { starts: [next], destinations: [] };
    case jump:
      return { starts: [next, target], destinations: [target] };
    default:
      return isConditionalJump(instruction.opcode)
        ? { starts: [next, target], destinations: [next, target] }
        : undefined;
  }
}

/** The codes of class 5 from jeq to jsle, apart from call, callx and exit. */
function isConditionalJump(opcode: number): boolean {
  return (opcode & 7) === 5 && opcode >= 0x15 && opcode <= 0xdd && (opcode < 0x85 || opcode > 0x9d);
}

function createBlocks(
  instructions: readonly ListedInstruction[],
  starts: ReadonlySet<number>,
): Map<number, Block> {
  const blocks = new Map<number, Block>();
  for (const { pc } of instructions) {
    if (starts.has(pc)) blocks.set(pc, { start: pc, destinations: [], sources: [], endsWithJump: false });
  }
  return blocks;
}

function linkBlocks(
  instructions: readonly ListedInstruction[],
  edges: ReadonlyMap<number, readonly number[]>,
  blocks: ReadonlyMap<number, Block>,
): void {
  for (const [index, instruction] of instructions.entries()) {
    const following = instructions[index + 1];
    if (following !== undefined && !blocks.has(following.pc)) continue;
    // The last instruction of its block.
    const block = blockOf(instructions, index, blocks);
    block.endsWithJump = instruction.opcode === jump;
    const destinations = edges.get(instruction.pc);
    if (destinations !== undefined) {
      block.destinations.push(...destinations.filter((destination) => blocks.has(destination)));
    } else if (following !== undefined) block.destinations.push(following.pc);
    for (const destination of block.destinations) blocks.get(destination)!.sources.push(block.start);
  }
}

function blockOf(
  instructions: readonly ListedInstruction[],
  last: number,
  blocks: ReadonlyMap<number, Block>,
): Block {
  let index = last;
  while (!blocks.has(instructions[index]!.pc)) index--;
  return blocks.get(instructions[index]!.pc)!;
}
