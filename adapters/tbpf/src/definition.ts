import type { EngineDefinition } from '@switchyard/core';
import { TbpfEngine } from './engine.ts';
import { elfMagic } from './format/elf-constants.ts';
import { tbpfOptionNames } from './options.ts';
import { TbpfTools } from './tools.ts';

/** The TBPF engine as a factory knows it. Recognised by the ELF magic, `7F 45 4C 46`. */
export const tbpfEngine: EngineDefinition = Object.freeze({
  type: 'tbpf',
  create: (options: unknown, services: ConstructorParameters<typeof TbpfEngine>[1]) =>
    new TbpfEngine(options, services),
  recognise: (code: Uint8Array) => elfMagic.every((byte, index) => code[index] === byte),
  markerPriority: 'magic',
  tools: new TbpfTools(),
  optionNames: tbpfOptionNames,
});
