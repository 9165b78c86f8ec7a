import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hexToBytes, type JsonValue, type VectorCase } from '@switchyard/core';

const folder = new URL('../../fixtures/bench/tbpf/', import.meta.url);

interface ManifestProgram {
  readonly heap: number;
  readonly input: string | null;
  readonly programs: Readonly<Record<string, ManifestVersion>>;
}

interface ManifestVersion {
  readonly file: string;
  readonly functions: JsonValue;
  readonly gasLimit: string;
  readonly r0: string;
  readonly instructions: string;
  readonly inputAfter: string;
  readonly heapAfter: string;
}

/** The programs of fixtures/bench/tbpf as vectors, named such as `a_alu.v0`. */
export function readTbpfPrograms(): readonly VectorCase[] {
  const manifest = JSON.parse(readText('manifest.json')) as Readonly<Record<string, ManifestProgram>>;
  return Object.entries(manifest).flatMap(([name, { heap, input, programs }]) =>
    Object.entries(programs).map(([version, program]) => {
      const { r0, instructions, inputAfter } = program;
      // A runner says `zero` for a heap that nobody wrote; the manifest always has the hash.
      const heapAfter = program.heapAfter === hashOf(new Uint8Array(heap)) ? 'zero' : program.heapAfter;
      return {
        id: `${name}.${version}`,
        engine: 'tbpf',
        code: hexToBytes(readText(program.file))!,
        codeKind: 'text',
        gasLimit: BigInt(program.gasLimit),
        fields: {
          version,
          heap,
          functions: program.functions,
          ...(input === null ? {} : { input: readText(input) }),
        },
        expect: { status: 'ok', r0, instructions, inputAfter, heapAfter },
      };
    }),
  );
}

function readText(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8').trim();
}

function hashOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
