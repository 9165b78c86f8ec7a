import { addressMap, elf } from '../format/elf-constants.ts';
import type { TbpfVersion } from '../isa/version.ts';
import { featuresOf } from '../isa/version.ts';
import { quoteDebug } from '../native-error.ts';
import { atLine, failAssembly } from './assembly-failure.ts';
import type { Operand } from './operand.ts';
import type { Statement } from './parser.ts';

/** Read-only bytes at an address of the program region. */
export interface DataPart {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

/** What a source says besides its slots, in directives that the reference's assembler does not have. */
export interface Directives {
  /** `.calls hashed`: calls of V0–V2 hold the hashes that they have in a loaded file. */
  readonly hashedCalls: boolean;
  /** `.text ADDRESS`: where the code lies in memory; V0–V2 only. */
  readonly textAddress: bigint | undefined;
  /** `.rodata ADDRESS` with the `.byte` lines after it, in the order of the source. */
  readonly data: readonly DataPart[];
  /** `.global NAMES`: the labels that are exported besides the entries; undefined without the directive. */
  readonly globals: readonly string[] | undefined;
}

/** Most bytes that a source may put into memory, which bounds the file too. */
const memoryLimit = 0x100_0000n;

const NAMES: ReadonlySet<string> = new Set(['version', 'calls', 'text', 'rodata', 'byte', 'global']);

/** Whether a directive is one of ours: it makes no slots. */
export function isFileDirective(name: string): boolean {
  return NAMES.has(name);
}

/** The version that a source names in its first statement, `.version v0`; undefined without one. */
export function declaredVersion(source: string): string | undefined {
  return /^\p{White_Space}*\.version +([\p{Alphabetic}\p{N}_]+)/u.exec(source)?.[1];
}

/** Reads the directives of a program; throws `AssemblyFailure`. */
export function readDirectives(statements: readonly Statement[], version: TbpfVersion): Directives {
  const isStrict = featuresOf(version).strictElf;
  const data: { address: bigint; bytes: number[] }[] = [];
  let hashedCalls = false;
  let textAddress: bigint | undefined;
  let globals: string[] | undefined;
  for (const [index, { kind, ...statement }] of statements.entries()) {
    if (kind !== 'directive' || !isFileDirective(statement.name)) continue;
    const { name, operands } = statement as Statement & { kind: 'directive' };
    atLine(statement.line, () => {
      switch (name) {
        case 'version': {
          const [label] = labelsOf(name, operands, 1);
          if (index > 0) failAssembly('The directive .version must come first');
          if (label !== `v${version}`) {
            failAssembly(
              `The source is for ${label} (.version), and is to be assembled for v${version}: leave the version out, or correct the directive`,
            );
          }
          break;
        }
        case 'calls':
          if (labelsOf(name, operands, 1)[0] !== 'hashed') invalid(name);
          if (featuresOf(version).staticSyscalls) failAssembly('The directive .calls is for v0 to v2');
          hashedCalls = true;
          break;
        case 'text':
          if (isStrict) failAssembly('The directive .text is for v0 to v2: later code lies at address 0');
          textAddress = addressOf(name, operands);
          break;
        case 'rodata':
          data.push({ address: addressOf(name, operands), bytes: [] });
          break;
        case 'byte':
          appendBytes(
            data.at(-1)?.bytes ?? failAssembly('The directive .byte comes after .rodata'),
            operands,
          );
          break;
        case 'global':
          globals = [...(globals ?? []), ...labelsOf(name, operands)];
          break;
      }
    });
  }
  return {
    hashedCalls,
    textAddress,
    data: data.map(({ address, bytes }) => ({ address, bytes: Uint8Array.from(bytes) })),
    globals,
  };
}

function labelsOf(name: string, operands: readonly Operand[], count?: number): readonly string[] {
  if (count !== undefined && operands.length !== count) invalid(name);
  return operands.map((operand) => (operand.kind === 'label' ? operand.name : invalid(name)));
}

/** An address of the program region behind the place of the file header. */
function addressOf(name: string, operands: readonly Operand[]): bigint {
  const [operand] = operands;
  if (operand?.kind !== 'integer' || operands.length !== 1) return invalid(name);
  const { program } = addressMap;
  if (operand.value < program || operand.value > program + memoryLimit) {
    failAssembly(
      `The directive .${name} takes an address from 0x${program.toString(16)} to 0x${(program + memoryLimit).toString(16)}`,
    );
  }
  return operand.value;
}

function appendBytes(bytes: number[], operands: readonly Operand[]): void {
  if (operands.length === 0) invalid('byte');
  for (const operand of operands) {
    const value = operand.kind === 'integer' ? operand.value : -1n;
    if (value < 0n || value > 255n) invalid('byte');
    bytes.push(Number(value));
  }
  if (bytes.length > Number(memoryLimit))
    failAssembly(`Program too large: more than ${memoryLimit} bytes of data`);
}

function invalid(name: string): never {
  return failAssembly(`Invalid directive ${quoteDebug(name)}`);
}

/** File offset of an address of the program region in a V0–V2 file. */
export function fileOffsetOf(address: bigint): number {
  const offset = Number(address - addressMap.program);
  return offset >= elf.headerSize
    ? offset
    : failAssembly(`Nothing can lie below 0x${(addressMap.program + BigInt(elf.headerSize)).toString(16)}`);
}
