/** The engine that runs the tests; declared because nothing else in this room needs the types of a browser or of Node. */
interface Engine {
  validate(bytes: Uint8Array): boolean;
  readonly Module: {
    new (bytes: Uint8Array): object;
    customSections(module: object, name: string): readonly ArrayBuffer[];
  };
  readonly Instance: new (module: object, imports?: Imports) => { readonly exports: Exports };
  readonly Memory: new (limits: { initial: number; maximum?: number }) => { readonly buffer: ArrayBuffer };
  readonly Table: new (limits: { element: 'anyfunc'; initial: number }) => { get(index: number): unknown };
  readonly Global: new (type: { value: string; mutable: boolean }, value: unknown) => { value: unknown };
}

type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

// biome-ignore lint/suspicious/noExplicitAny: what a module exports is known to its test alone
type Exports = Readonly<Record<string, any>>;

export const engine: Engine = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;

/** What an instance of the module exports. */
export function instantiate(bytes: Uint8Array, imports?: Imports): Exports {
  return new engine.Instance(new engine.Module(bytes), imports).exports;
}

/** Bytes as two hexadecimal digits each, with spaces between. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
