/** TBPF program versions; the number is the `e_flags` word of the ELF header (spec §1.1). */
export type TbpfVersion = 0 | 1 | 2 | 3 | 4;

/** The feature switches of a version, one per row of spec §1.2. */
export interface VersionFeatures {
  /** Row 1: r10 starts at the top of the stack and the program moves it itself. */
  readonly dynamicFrames: boolean;
  /** Row 2: class 6 holds the product, quotient and remainder instructions. */
  readonly pqr: boolean;
  /** Row 3: `add32`, `sub32`, `mul32` zero-extend; `mov32 reg` sign-extends. */
  readonly explicitSignExtension: boolean;
  /** Row 4: `sub32 imm` and `sub64 imm` compute imm − d. */
  readonly swappedSubImmediate: boolean;
  /** Row 5: `neg32` and `neg64` are invalid. */
  readonly negRemoved: boolean;
  /** Row 6: `callx` names its register in the src field, otherwise in imm. */
  readonly callxInSource: boolean;
  /** Row 7: `lddw` is invalid and `hor64` valid. */
  readonly lddwRemoved: boolean;
  /** Row 8: `le` is invalid. */
  readonly leRemoved: boolean;
  /** Row 9: loads and stores live in classes 4 and 7. */
  readonly movedMemory: boolean;
  /** Row 10: `call` with src 1 is pc-relative, with src 0 a syscall. */
  readonly staticSyscalls: boolean;
  /** Row 11: function start markers and function ranges are enforced. */
  readonly stricterVerification: boolean;
  /** Row 12: the strict loader, without relocation. */
  readonly strictElf: boolean;
  /** Row 13: text at address 0, only constants at 2^32. */
  readonly lowBytecodeAddress: boolean;
  /** Row 14: `aligned_memory_mapping = false` is ignored. */
  readonly alignedMappingForced: boolean;
}

//                              V0     V1     V2     V3     V4
const rows: Readonly<Record<keyof VersionFeatures, readonly [boolean, boolean, boolean, boolean, boolean]>> =
  {
    dynamicFrames: [false, true, true, true, true],
    pqr: [false, false, true, false, false],
    explicitSignExtension: [false, false, true, true, true],
    swappedSubImmediate: [false, false, true, false, false],
    negRemoved: [false, false, true, false, false],
    callxInSource: [false, false, true, false, false],
    lddwRemoved: [false, false, true, false, false],
    leRemoved: [false, false, true, false, false],
    movedMemory: [false, false, true, false, false],
    staticSyscalls: [false, false, false, true, true],
    stricterVerification: [false, false, false, true, true],
    strictElf: [false, false, false, true, true],
    lowBytecodeAddress: [false, false, false, true, true],
    alignedMappingForced: [false, false, false, false, true],
  };

/** All versions, in ascending order. */
export const tbpfVersions: readonly TbpfVersion[] = [0, 1, 2, 3, 4];

const features: readonly VersionFeatures[] = tbpfVersions.map((version) => {
  const entries = Object.entries(rows).map(([name, values]) => [name, values[version]]);
  return Object.freeze(Object.fromEntries(entries)) as VersionFeatures;
});

/** Returns the feature switches of a version (spec §1.2). */
export function featuresOf(version: TbpfVersion): VersionFeatures {
  return features[version]!;
}

/** Narrows a number, such as `e_flags`, to a version; anything above 4 is reserved. */
export function isTbpfVersion(value: number): value is TbpfVersion {
  return Number.isInteger(value) && value >= 0 && value <= 4;
}
