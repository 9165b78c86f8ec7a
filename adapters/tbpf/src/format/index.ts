export { decodeUtf8Lossy, encodeUtf8 } from '@switchyard/core';
export {
  dstAt,
  immAt,
  isFunctionStart,
  offAt,
  opcodeAt,
  readSlot,
  type Slot,
  slotSize,
  srcAt,
  writeImm,
  writeSlot,
} from '../isa/instruction.ts';
export { type OpcodeRow, opcodeTable } from '../isa/opcodes.ts';
export { featuresOf, isTbpfVersion, type TbpfVersion, type VersionFeatures } from '../isa/version.ts';
export { addressMap, elf, elfMagic, relocationTypes } from './elf-constants.ts';
export { functionKey, murmur3, syscallKey } from './murmur3.ts';
