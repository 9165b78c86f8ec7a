import type { Job } from './service.ts';

/** Milliseconds that a request is guessed to take before anything is known of it, and more for each byte: code has to be read and checked. */
const GUESS_MS = 2;
const GUESS_MS_PER_CHARACTER = 1 / 50_000;

/** Characters of code that a flow's name has: enough to tell codes apart, and cheap. */
const CODE_CHARACTERS = 64;

/** What a job, as text, is guessed to take, in milliseconds. */
export function guessOf(text: string): number {
  return GUESS_MS + text.length * GUESS_MS_PER_CHARACTER;
}

/** The name of the jobs that are alike in what they cost: of one client, one method, one target and entry. */
export function flowOf(job: Job, client: string): string {
  return `${client} ${job.method} ${targetOf(job)}`;
}

function targetOf({ method, params }: Job): string {
  switch (method) {
    case 'vm_engines':
      return '';
    case 'vm_validateCode':
      return codeName(params.code);
    case 'vm_call':
      return params.calls.map((call) => callName(call)).join(' ');
    default:
      return callName(params);
  }
}

function callName({
  contract,
  code,
  deploy,
  entry,
}: {
  readonly contract?: string | undefined;
  readonly code?: string | undefined;
  readonly deploy?: { readonly code: string } | undefined;
  readonly entry?: string | number | undefined;
}): string {
  return `${contract ?? codeName(code ?? deploy?.code ?? '')} ${entry ?? ''}`;
}

/** A file's first bytes are its format's; its last ones tell more. */
function codeName(code: string): string {
  return `${code.length}:${code.slice(-CODE_CHARACTERS)}`;
}
