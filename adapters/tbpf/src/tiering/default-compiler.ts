/** Where there are no workers that a synchronous host could ask, the caller's thread compiles. */
export { inlineCompiler as compileService } from './inline-compiler.ts';
