import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, normalize, resolve } from 'node:path';
import { encodeUtf8, hexToBytes, type JsonValue, MAX_U64, type VectorCase, VmError } from '@switchyard/core';
import { isInteger, parse as parseLossless } from 'lossless-json';

const MAX_CODE_FILE_BYTES = 16 * 1024 * 1024;

/** A digit run that a double may not hold: only then the slower lossless parser is worth its time. */
const LONG_NUMBER = /[[:,\s]-?\d{16,}/;

/**
 * One line as a vector; what an engine adds of its own stays in `fields`.
 * @param path the vector file, beside which `codeFile` lies.
 * @throws VmError VECTOR_INVALID naming file, line and field; FILE_UNREADABLE for a `codeFile`.
 */
export function parseVector(text: string, path: string, line: number): VectorCase {
  const where = `${path}:${line}`;
  const fields = parseObject(text, where);
  const codeKind = stringField(fields, 'codeKind', where, defaultKind(fields));
  return {
    id: stringField(fields, 'id', where),
    engine: stringField(fields, 'engine', where),
    codeKind,
    code: codeOf(fields, codeKind, path, where),
    gasLimit: gasLimitOf(fields, where),
    fields,
    expect: expectOf(fields, where),
  };
}

type Fields = { readonly [key: string]: JsonValue };

function parseObject(text: string, where: string): Fields {
  let value: unknown;
  try {
    value = LONG_NUMBER.test(text) ? parseLossless(text, null, exactNumber) : JSON.parse(text);
  } catch (cause) {
    throw invalid(where, `not JSON: ${(cause as Error).message}`, cause);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw invalid(where, 'expected an object');
  return value as Fields;
}

function exactNumber(text: string): number | bigint {
  const number = Number(text);
  return isInteger(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}

function defaultKind(fields: Fields): string {
  return fields['engine'] === 'tbpf' ? 'elf' : 'bytecode';
}

function codeOf(fields: Fields, kind: string, path: string, where: string): Uint8Array {
  const { code, codeFile } = fields;
  if (typeof codeFile === 'string') return readCodeFile(codeFile, path, where);
  if (kind === 'module-json' && code !== undefined) {
    return encodeUtf8(typeof code === 'string' ? code : JSON.stringify(code));
  }
  const bytes = typeof code === 'string' ? hexToBytes(code) : undefined;
  // Whether a module's text is hexadecimal is a question to its engine: legacy vectors expect InvalidHex (d-wire-corrupt-0408).
  if (bytes === undefined && kind === 'module' && typeof code === 'string') return new Uint8Array(0);
  if (bytes === undefined) throw invalid(where, 'code: expected hexadecimal text, or a codeFile');
  return bytes;
}

function readCodeFile(name: string, path: string, where: string): Uint8Array {
  if (isAbsolute(name) || normalize(name).startsWith('..')) {
    throw invalid(where, `codeFile: expected a path beside the vector file, found "${name}"`);
  }
  const file = resolve(path === '-' ? '.' : dirname(path), name);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new VmError('FILE_UNREADABLE', `${where}: codeFile: ${(cause as Error).message}.`, { cause });
  }
  if (bytes.length > MAX_CODE_FILE_BYTES)
    throw invalid(where, `codeFile: more than ${MAX_CODE_FILE_BYTES} bytes`);
  return new Uint8Array(bytes);
}

function gasLimitOf(fields: Fields, where: string): bigint {
  const limit = fields['gasLimit'];
  const isText = typeof limit === 'string' && /^\d{1,20}$/.test(limit);
  const isNumber = typeof limit === 'bigint' || (typeof limit === 'number' && Number.isSafeInteger(limit));
  const value = isText || isNumber ? BigInt(limit) : -1n;
  if (value < 0n || value > MAX_U64)
    throw invalid(where, 'gasLimit: expected a decimal string from 0 to 2^64 − 1');
  return value;
}

function expectOf(fields: Fields, where: string): Fields {
  const expect = fields['expect'] ?? {};
  if (expect === null || typeof expect !== 'object' || Array.isArray(expect)) {
    throw invalid(where, 'expect: expected an object');
  }
  return expect as Fields;
}

function stringField(fields: Fields, name: string, where: string, fallback?: string): string {
  const value = fields[name] ?? fallback;
  if (typeof value !== 'string' || value === '') throw invalid(where, `${name}: expected text`);
  return value;
}

function invalid(where: string, what: string, cause?: unknown): VmError {
  return new VmError('VECTOR_INVALID', `${where}: ${what}.`, cause === undefined ? {} : { cause });
}
