import { ERROR_TABLE, type VmErrorCode } from './codes.ts';

const INTRODUCTION = `# Errors

Every error of Switchyard has one of these codes: test \`error.code\`, never the message. Numbers are stable; a failed callee gives
2^63 + number in its TBPF caller's r0. 1 to 99 end a contract's run, 100 and above are the host's. This page is written by
\`renderErrorsPage()\` of @switchyard/core from its table, and a test holds the two equal.

\`error.native\` is what the engine's reference implementation calls the same fault: its \`name\`, and in \`detail\` the name with its values. It
is absent (\`null\` in JSON) where no machine is at fault.
`;

/** The text of docs/errors.md: one heading a code, in order of their numbers. */
export function renderErrorsPage(): string {
  const codes = (Object.keys(ERROR_TABLE) as VmErrorCode[]).sort(
    (a, b) => ERROR_TABLE[a].number - ERROR_TABLE[b].number,
  );
  const sections = codes.map((code) => {
    const { number, meaning, hint } = ERROR_TABLE[code];
    return `## ${code}\n\nNumber ${number}. ${meaning}\n\nWhat to do: ${hint}\n`;
  });
  return [INTRODUCTION, ...sections].join('\n');
}
