/*
 * The little of WebAssembly's JavaScript interface that the fast tiers use, typed here because the engine knows neither the types of a
 * browser nor those of Node.
 */

/** A compiled module. It can be sent to other threads; nobody looks inside. */
export type WasmModule = object & { readonly module?: never };

/** A memory; its buffer is another object after each growth. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** Grows by pages of 64 KiB. @throws RangeError when the host has no more. */
  grow(pages: number): number;
}

/** What an instance exports; whoever instantiates knows the types. */
export type WasmExports = Readonly<Record<string, unknown>>;

export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** `globalThis.WebAssembly`. */
export interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => { readonly exports: WasmExports };
  readonly Memory: new (limits: { initial: number; maximum?: number }) => WasmMemory;
}

/** Bytes of a page of memory. */
export const WASM_PAGE_BYTES = 65_536;

/** The host's WebAssembly, or undefined where there is none. */
export function webAssembly(): WebAssemblyApi | undefined {
  return (globalThis as unknown as { readonly WebAssembly?: WebAssemblyApi }).WebAssembly;
}
