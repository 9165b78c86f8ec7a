/** The caller's part of structuring: what stands in the blocks. */
export interface BlockEmitter {
  /**
   * Writes the code of one block, without its jump. It leaves the operand stack as it was, but for the i32 that a branch or a switch
   * decides by; a block that exits ends in `return`, `unreachable` or a branch out. It may open constructs of its own if it closes
   * them, and branch to labels that were open before structuring began. Each reachable block is written exactly once.
   */
  emitBlock(block: number): void;
}
