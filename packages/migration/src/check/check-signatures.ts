import type { EngineTools, InspectionReport } from '@switchyard/core';
import { type Counterpart, counterpartOf } from './native-counterparts.ts';

/** A build to look at. */
export interface CheckedSide {
  /** What messages call it. */
  readonly name: string;
  readonly code: Uint8Array;
  readonly tools: EngineTools;
}

/** Something that a port has to look after; `error` when calls of the old contract cannot work on the new one. */
export interface SignatureFinding {
  readonly level: 'error' | 'warning' | 'note';
  readonly what: string;
}

/** A native of the old module, and what a port does instead. */
export interface NativeUse {
  readonly native: string;
  readonly counterpart: Counterpart;
  /** Whether the new build uses one of the counterparts; null where none is needed. */
  readonly isUsed: boolean | null;
}

/** What two builds have in common, seen without running them. Plain JSON. */
export interface SignatureCheck {
  readonly old: { readonly name: string; readonly engine: string };
  readonly new: { readonly name: string; readonly engine: string };
  readonly findings: readonly SignatureFinding[];
  readonly natives: readonly NativeUse[];
  /** Text constants of the old module: what its storage keys are made of is among them. */
  readonly texts: readonly string[];
}

/** Compares two builds' entries, hooks and host calls. Bad code is a finding, not an error. */
export function checkSignatures(old: CheckedSide, fresh: CheckedSide): SignatureCheck {
  const [left, right] = [old.tools.inspect(old.code), fresh.tools.inspect(fresh.code)];
  const natives = left.syscalls.map((native) => nativeUse(native, right.syscalls));
  return {
    old: { name: old.name, engine: left.engine },
    new: { name: fresh.name, engine: right.engine },
    findings: [
      ...verdicts(old, left),
      ...verdicts(fresh, right),
      ...missing('entry', left.entries, right.entries),
      ...missing('hook', left.hooks, right.hooks),
      ...natives.flatMap(nativeFinding),
    ],
    natives,
    texts: left.valid ? textsOf(old) : [],
  };
}

function verdicts({ name }: CheckedSide, { valid, verdict }: InspectionReport): readonly SignatureFinding[] {
  return valid ? [] : [{ level: 'error', what: `${name} is not valid: ${verdict}` }];
}

/** Entries of one side alone. Where as many are missing as are new, the ids were most likely changed. */
function missing(
  kind: 'entry' | 'hook',
  old: readonly number[],
  fresh: readonly number[],
): readonly SignatureFinding[] {
  const gone = old.filter((id) => !fresh.includes(id));
  const added = fresh.filter((id) => !old.includes(id));
  const wasRenumbered = gone.length > 0 && gone.length === added.length;
  const advice = wasRenumbered
    ? `; the new build has ${added.map((id) => `${kind}_${id}`).join(', ')} instead: map them in the suite`
    : '';
  return [
    ...gone.map(
      (id, index): SignatureFinding => ({
        level: 'error',
        what: `${kind}_${id} is missing in the new build${index === 0 ? advice : ''}`,
      }),
    ),
    ...(wasRenumbered ? [] : added).map(
      (id): SignatureFinding => ({ level: 'note', what: `${kind}_${id} is new: nothing calls it yet` }),
    ),
  ];
}

function nativeUse(native: string, syscalls: readonly string[]): NativeUse {
  const counterpart = counterpartOf(native);
  const names = counterpart.kind === 'syscall' || counterpart.kind === 'differs' ? counterpart.names : [];
  return {
    native,
    counterpart,
    isUsed: names.length === 0 ? null : names.some((name) => syscalls.includes(name)),
  };
}

function nativeFinding({ native, counterpart, isUsed }: NativeUse): readonly SignatureFinding[] {
  const findings: SignatureFinding[] = [];
  if (counterpart.kind === 'none') {
    findings.push({ level: 'warning', what: `${native} has no counterpart: ${counterpart.note}` });
  }
  if (counterpart.kind === 'differs') {
    const names = counterpart.names.length === 0 ? '' : ` (${counterpart.names.join(', ')})`;
    findings.push({
      level: 'note',
      what: `${native} has a counterpart that differs${names}: ${counterpart.note}`,
    });
  }
  if (isUsed === false && counterpart.kind === 'syscall') {
    findings.push({
      level: 'warning',
      what: `${native} is used by the old build, and the new one calls none of ${counterpart.names.join(', ')}`,
    });
  }
  return findings;
}

const MOST_TEXTS = 200;

/** The text constants that the disassembler lists, in order. */
function textsOf({ tools, code }: CheckedSide): readonly string[] {
  const kind = tools.type === 'tbpf' ? 'elf' : 'module';
  const found = tools.disassemble(code, kind).matchAll(/^\.const ("(?:[^"\\]|\\.)*")$/gm);
  return [...found].slice(0, MOST_TEXTS).map(([, text]) => JSON.parse(text!) as string);
}
