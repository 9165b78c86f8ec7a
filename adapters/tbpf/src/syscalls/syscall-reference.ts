import { syscallKey } from '../format/murmur3.ts';
import { tosAliases, tosSyscalls } from './index.ts';
import type { SyscallPrice, TosSyscall } from './tos-syscall.ts';

/** Renders the tos_* syscalls as a markdown page, in the order of their table. */
export function renderSyscallReference(): string {
  const aliases = tosAliases.map(
    ([alias, of]) => `| \`${alias}\` | \`${of.name}\` | \`${keyText(alias)}\` |`,
  );
  return `# TBPF syscalls

What a TBPF contract can ask of its host. Arguments are u64 in r1–r5, the result is in r0; pointers are addresses of the machine, lengths
are in bytes, numbers in memory are little-endian. The key is the immediate of the call: murmur3 of the name.

In every call, in this order: arguments above their limit are refused; the gas is charged, all or nothing; memory is checked, each
range in one piece; the state is read or changed; results are written. The call instruction itself costs 1 more. An error ends the run: its
native name is \`SyscallError(NAME)\`. Every call can end with \`ExceededMaxInstructions\` (out of gas) and with \`AccessViolation\` or
\`StackAccessViolation\` (a bad pointer); a range of zero bytes never does. \`StaticViolation\` is for calls that change the state in a
read-only run.

| Call | r0 | Gas | Limits | Errors | Key |
|---|---|---|---|---|---|
${tosSyscalls.map(rowOf).join('\n')}

## What they do

${tosSyscalls.map(({ name, summary }) => `- \`${name}\`: ${summary}`).join('\n')}

## Older names

| Name | Same as | Key |
|---|---|---|
${aliases.join('\n')}
`;
}

function rowOf(syscall: TosSyscall): string {
  const { name, parameters, result, price, limits, errors } = syscall;
  const limitTexts = limits.map(
    ({ register, most, error }) => `${parameters[register - 1]} ≤ ${count(most)} (\`${error}\`)`,
  );
  const cells = [
    `\`${name}(${parameters.join(', ')})\``,
    result,
    priceText(price, parameters),
    limitTexts.join('; '),
    errors.map((error) => `\`${error}\``).join(', '),
    `\`${keyText(name)}\``,
  ];
  return `| ${cells.join(' | ')} |`;
}

function priceText({ base, perByte, register, plus }: SyscallPrice, parameters: readonly string[]): string {
  const parts: string[] = base === 0 ? [] : [count(base)];
  if (perByte !== undefined && register !== undefined) {
    const length = parameters[register - 1]!;
    parts.push(perByte === 1 ? length : `${perByte} · ${length}`);
  }
  if (plus !== undefined) parts.push(plus);
  return parts.join(' + ');
}

/** A number with commas between thousands, whatever the locale. */
function count(value: number): string {
  return `${value}`.replace(/\B(?=(\d{3})+$)/g, ',');
}

function keyText(name: string): string {
  return `0x${syscallKey(name).toString(16).padStart(8, '0')}`;
}
