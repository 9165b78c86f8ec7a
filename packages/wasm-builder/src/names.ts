import { ByteBuffer } from './byte-buffer.ts';
import { SectionId, writeSection } from './section.ts';

const MODULE = 0;
const FUNCTIONS = 1;

/** The custom section "name" (specification, appendix "Custom Sections"): names that debuggers, profiles and stack traces show. */
export class Names {
  module: string | undefined;
  readonly functions = new Map<number, string>();

  /** Name of the section, then its subsections by id; functions in order of their indices. Nothing where nothing has a name. */
  write(out: ByteBuffer): void {
    if (this.module === undefined && this.functions.size === 0) return;
    const section = new ByteBuffer();
    section.name('name');
    if (this.module !== undefined) {
      const subsection = new ByteBuffer();
      subsection.name(this.module);
      writeSection(section, MODULE, subsection);
    }
    if (this.functions.size > 0) {
      const subsection = new ByteBuffer();
      subsection.u32(this.functions.size);
      for (const [index, name] of [...this.functions].sort(([a], [b]) => a - b)) {
        subsection.u32(index);
        subsection.name(name);
      }
      writeSection(section, FUNCTIONS, subsection);
    }
    writeSection(out, SectionId.custom, section);
  }
}
