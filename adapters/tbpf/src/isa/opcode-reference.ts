import { type OpcodeRow, type OpcodeVersions, type OperandCheck, opcodeRows } from './opcodes.ts';

const versionNames: Readonly<Record<OpcodeVersions, string>> = {
  all: 'all',
  classic: 'V0, V1, V3, V4',
  v2: 'V2',
};

const checkNames: Readonly<Record<OperandCheck, string>> = {
  none: '',
  'nonzero-imm': 'imm is not 0',
  shift32: 'imm is 0 to 31',
  shift64: 'imm is 0 to 63',
  'endian-width': 'imm is 16, 32 or 64',
  'frame-pointer': 'with r10 (V1 and later): imm is a multiple of 64',
  lddw: 'the next slot exists and has opcode 0',
  jump: 'the target is in the function and starts an instruction',
  call: 'V3 and later: the target starts a function, or the syscall exists',
  callx: 'the register is r0 to r9',
};

const operands: Readonly<Record<OpcodeRow['form'], string>> = {
  'alu-imm': 'dst, imm',
  'alu-reg': 'dst, src',
  unary: 'dst',
  endian: 'dst',
  load: 'dst, [src+off]',
  'store-imm': '[dst+off], imm',
  'store-reg': '[dst+off], src',
  lddw: 'dst, imm64',
  ja: 'off',
  'jump-imm': 'dst, imm, off',
  'jump-reg': 'dst, src, off',
  call: 'imm',
  callx: 'register',
  exit: '',
};

/** Renders the opcode table as a markdown page, one row per byte and version group, in order of the bytes. */
export function renderOpcodeReference(): string {
  const rows = [...opcodeRows].sort((left, right) => left.code - right.code);
  const lines = rows.map((row) => {
    const name = `${row.name}${row.form === 'endian' ? '16/32/64' : ''} ${operands[row.form]}`.trim();
    const semantics = row.semantics.replaceAll('|', '\\|');
    const code = row.code.toString(16).padStart(2, '0');
    return `| ${code} | \`${name}\` | ${versionNames[row.versions]} | ${semantics} | ${checkNames[row.check]} |`;
  });
  return `# TBPF opcodes

d and s are the destination and source registers, b the second operand (register or immediate), zx and sx the low
32 bits zero- or sign-extended, EXT is sx in V0 and V1 and zx later. Immediates are sign-extended unless a row says otherwise.

| Byte | Instruction | Versions | Effect | The verifier asks that |
|---|---|---|---|---|
${lines.join('\n')}
`;
}
