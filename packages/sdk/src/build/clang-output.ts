/** Longest part of clang's output that an error carries. */
const maxLength = 8_000;

/** A complaint of clang with its place. */
const placed = /^[^\s:]+:\d+:\d+: /;

/** Where the back end's report of its own end begins, of which nothing is for the author of a contract. */
const dumpStart =
  /^(PLEASE submit a bug report|Stack dump:|clang: error: (clang frontend command failed|unable to execute command)|In function: )/;

/**
 * clang's output without the dump and the request for a bug report that follow a refusal of its back end, without the numbers of its data
 * structures, and each complaint once: the back end repeats that of the stack for every access.
 */
export function readableStderr(stderr: string): string {
  const lines: string[] = [];
  const seen = new Set<string>();
  let isDump = false;
  let isRepeated = false;
  let hasRepeated = false;
  const functionName = failedFunction(stderr);
  for (const raw of stderr.split('\n')) {
    isDump ||= dumpStart.test(raw);
    if (isDump) continue;
    const line = withoutNodes(raw, functionName);
    if (line === undefined) {
      isRepeated = true;
      continue;
    }
    if (placed.test(line) || line !== raw) {
      isRepeated = seen.has(line);
      hasRepeated ||= isRepeated;
      seen.add(line);
    } else if (isClosing(line)) {
      if (hasRepeated) continue;
      isRepeated = false;
    } else if (/^(fatal )?error: /.test(line)) isRepeated = false;
    if (!isRepeated) lines.push(line);
  }
  return lines.join('\n').trim().slice(0, maxLength);
}

/** The function at which the back end gave up. */
export function failedFunction(stderr: string): string | undefined {
  return /(?:^In function: |on function '@)([\w.$]+)/m.exec(stderr)?.[1];
}

/**
 * A line about a node of the code that the back end could not translate, in words; undefined for a line of the node's operands.
 * `fatal error: error in backend: Cannot select: 0x91bd7a0: i64 = sdiv 0x91bd768, a.c:3:5` becomes `a.c:3:5: error: the machine has no
 * instruction for sdiv`.
 */
function withoutNodes(line: string, functionName: string | undefined): string | undefined {
  if (/^ +0x[0-9a-f]+: /.test(line)) return undefined;
  const place = /, ([^\s,]+:\d+:\d+)(?=$|Please)/.exec(line)?.[1];
  const where = functionName === undefined ? '' : `, in function ${functionName}`;
  const say = (message: string) =>
    place === undefined ? `error: ${message}${where}` : `${place}: error: ${message}`;
  const node = /(?:Cannot select: |signed division for DAG: )0x[0-9a-f]+: [\w,]+ = (?:BPFISD::)?(\w+)/.exec(
    line,
  );
  if (node !== null) return say(`the machine has no instruction for ${node[1]}`);
  const refusal = /^fatal error: error in backend: (?:line (\d+): )?(.*)$/.exec(line);
  if (refusal !== null) {
    const atLine = refusal[1] === undefined ? '' : `line ${refusal[1]}: `;
    return `error: ${atLine}${refusal[2]}${where}`;
  }
  return line
    .replace(/(?: to)? 0x[0-9a-f]+: [\w,]+ = .*$/, '')
    .replace(/ Please move large on stack variables into BPF per-cpu array map\.$/, '');
}

/** Whether a line says how many errors there were, which is wrong when some are left out. */
function isClosing(line: string): boolean {
  return /^(\d+ (warning|error)s? (and \d+ errors? )?generated\.|fatal error: too many errors emitted)/.test(
    line,
  );
}
