import type { ExecuteParams } from '@switchyard/client';
import { DEPLOY, OTHER } from './entries.ts';
import { hexOfText, ModuleProblem } from './module-bytes.ts';

/** What the form has, as text. */
export interface FormFields {
  /** Digits of the loaded module; null when a deployed contract is called. */
  readonly code: string | null;
  readonly contract: string;
  /** A value of the select, and what was typed beside it. */
  readonly entry: string;
  readonly entryName: string;
  /** Typed parameters, or null for raw bytes. */
  readonly args: readonly string[] | null;
  readonly input: string;
  readonly from: string;
  readonly value: string;
  readonly gasLimit: string;
  readonly gasPrice: string;
  readonly isStatic: boolean;
  readonly state: string;
  readonly block: string;
}

/** A field of the form is wrong. */
export class FieldProblem extends Error {
  /** Its id. */
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/**
 * The call that the form describes. What the service checks is left to it, but for what would not get there.
 * @throws FieldProblem
 */
export function callParams(fields: FormFields): ExecuteParams {
  return {
    ...target(fields),
    ...input(fields),
    ...address('from', fields.from),
    ...amount('value', fields.value),
    ...amount('gasLimit', fields.gasLimit),
    ...amount('gasPrice', fields.gasPrice),
    ...(fields.isStatic && fields.entry !== DEPLOY ? { static: true } : {}),
    ...json('state', fields.state),
    ...json('block', fields.block),
  };
}

function target(fields: FormFields): ExecuteParams {
  const { code, contract, entry, entryName } = fields;
  if (code === null) {
    if (contract.trim() === '') throw new FieldProblem('contract', "Give the contract's address.");
    return { ...address('contract', contract), ...entryOf(entry, entryName) };
  }
  if (code === '') throw new FieldProblem('file', 'Choose a file, or give the bytes of a module.');
  return entry === DEPLOY ? { deploy: { code } } : { code, ...entryOf(entry, entryName) };
}

function entryOf(entry: string, name: string): ExecuteParams {
  if (entry !== OTHER) return { entry };
  if (name.trim() === '') throw new FieldProblem('entry-name', 'Name the entry to call.');
  return { entry: name.trim() };
}

function input({ args, input: text }: FormFields): ExecuteParams {
  if (args !== null) return args.length === 0 ? {} : { args: [...args] };
  try {
    const digits = hexOfText(text);
    return digits === '' ? {} : { input: digits };
  } catch (problem) {
    if (problem instanceof ModuleProblem) throw new FieldProblem('input', `Input: ${problem.message}`);
    throw problem;
  }
}

function address(field: 'from' | 'contract', text: string): ExecuteParams {
  const digits = text.trim();
  if (digits === '') return {};
  if (!/^(?:0x)?[0-9a-f]{64}$/i.test(digits)) {
    throw new FieldProblem(field, 'An address has 64 hexadecimal digits.');
  }
  return { [field]: digits };
}

function amount(field: 'value' | 'gasLimit' | 'gasPrice', text: string): ExecuteParams {
  const digits = wholeNumber(field, text);
  return digits === undefined ? {} : { [field]: digits };
}

/** Digits of a number, without what groups them; undefined for an empty field. @throws FieldProblem */
export function wholeNumber(field: string, text: string): string | undefined {
  const digits = text.replace(/[\s_,]/g, '');
  if (digits === '') return undefined;
  if (!/^\d+$/.test(digits)) throw new FieldProblem(field, `"${text.trim()}" is not a whole number.`);
  return digits;
}

function json(field: 'state' | 'block', text: string): ExecuteParams {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (problem) {
    throw new FieldProblem(field, `${field}: ${(problem as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FieldProblem(field, `${field}: expected an object.`);
  }
  return { [field]: value };
}
