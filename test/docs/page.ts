/** A fenced block of a markdown page. */
export interface Fence {
  /** The first word after the fence, such as `ts`. */
  readonly language: string;
  /** The rest of that line, such as a file's name. */
  readonly title: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** The fenced blocks of a page that begin at the left margin, in order. */
export function readFences(page: string): readonly Fence[] {
  const fences: Fence[] = [];
  const lines = page.split('\n');
  for (let start = 0; start < lines.length; start++) {
    const opening = /^```(\S+) ?(.*)$/.exec(lines[start]!);
    if (opening === null) continue;
    let end = start + 1;
    while (end < lines.length && lines[end] !== '```') end++;
    const text = lines.slice(start + 1, end).map((line) => `${line}\n`);
    fences.push({ language: opening[1]!, title: opening[2]!, text: text.join(''), line: start + 1 });
    start = end;
  }
  return fences;
}

/** A command of a console block and what it prints. */
export interface ConsoleStep {
  readonly command: string;
  readonly output: string;
}

/** The steps of a `console` block: `$ command`, continued after a backslash, then its output. */
export function readSteps(text: string): readonly ConsoleStep[] {
  const steps: { command: string; output: string }[] = [];
  let isContinued = false;
  for (const line of text.split('\n').slice(0, -1)) {
    const last = steps.at(-1);
    if (isContinued) last!.command += `\n${line}`;
    else if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: '' });
    else if (last === undefined) throw new Error(`a console block begins with "$ ", not with "${line}"`);
    else last.output += `${line}\n`;
    isContinued = (isContinued || line.startsWith('$ ')) && line.endsWith('\\');
  }
  return steps;
}

/** A console block of steps, as text. */
export function printSteps(steps: readonly ConsoleStep[]): string {
  return steps.map(({ command, output }) => `$ ${command}\n${output}`).join('');
}

/** Whether the output is the expected one, in which a line `…` stands for any number of lines. */
export function outputFits(output: string, expected: string): boolean {
  const parts = expected.split(/^…\n/m).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(?:.*\\n)*')}$`).test(output);
}
