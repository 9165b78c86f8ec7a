import { OPCODES, OPERAND_BYTES, type OpcodeRow } from './opcodes.ts';

/** Renders the opcode table as a markdown page, in order of the bytes. */
export function renderOpcodeReference(): string {
  const widths = Object.entries(OPERAND_BYTES).map(([kind, bytes]) => `${kind} ${bytes}`);
  return `# Legacy opcodes

Instructions of the legacy stack VM, as the [assembler](legacy-assembly.md) writes them. Operands follow the byte, little-endian, in
bytes: ${widths.join(', ')}.
A register is a variable of the running chunk; constant, chunk and native are ids; an address is a byte of the chunk; index counts stack
slots or elements, magic is for \`MATCH\`.

Effect: what the instruction takes from the stack → what it leaves there, the top on the right; what stands behind \`;\` happens besides. Gas
is charged before; "+ memory" adds 1 gas for each byte of the new value (the option \`memoryPrice\`). A \`SYSCALL\` adds its
[native](legacy-natives.md).

| Byte | Instruction | Bytes | Gas | Effect |
|---|---|---:|---:|---|
${OPCODES.map(rowOf).join('\n')}
`;
}

function rowOf({ code, mnemonic, operands, size, gas, summary }: OpcodeRow): string {
  const instruction = [mnemonic, ...operands].join(' ');
  const effect = summary.replaceAll('|', '\\|');
  return `| ${code.toString(16).padStart(2, '0')} | \`${instruction}\` | ${size} | ${gas} | ${effect} |`;
}
