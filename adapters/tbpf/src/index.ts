export { defaultTbpfConfig, type TbpfConfig } from './config.ts';
export { tbpfEngine } from './definition.ts';
export { TbpfEngine } from './engine.ts';
export type { TbpfOptions } from './options.ts';
export { TbpfTools } from './tools.ts';
