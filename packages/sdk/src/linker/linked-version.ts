/** Versions that the linker writes; the number is `e_flags` of the file (tbpf.md §1.1). */
export type LinkedVersion = 0 | 3;
