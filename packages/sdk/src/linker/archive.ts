import { linkError } from './link-error.ts';
import type { LinkInput } from './object-file.ts';

/** First bytes of an archive, and of a thin one, which names files instead of holding them. */
const magic = '!<arch>\n';
const thinMagic = '!<thin>\n';

const headerSize = 60;

/** Largest archive that the linker reads: 32 MiB. */
export const maxArchiveSize = 32 * 1024 * 1024;

/** Most members of one archive. */
export const maxMembers = 16_384;

/** Longest name of a member. */
const maxNameLength = 1024;

/** Indexes of symbols, which the linker does not use: it reads the members' own tables, which cannot be out of date. */
const indexNames = new Set(['/', '/SYM64/', '__.SYMDEF', '__.SYMDEF SORTED', '__.SYMDEF_64']);

/** Whether a file begins as an archive does, thin or not. */
export function isArchive(bytes: Uint8Array): boolean {
  const start = latin1(bytes.subarray(0, magic.length));
  return start === magic || start === thinMagic;
}

/**
 * The members of an `ar` archive in their order, named `lib.a(member.o)`; their bytes are views. Reads GNU archives (`//` holds long
 * names, `/` the index) and BSD ones (`#1/20` before a long name).
 * @throws VmError LINK_FAILED, naming the archive and the member's header, for thin and damaged archives.
 */
export function readArchive(archive: LinkInput): LinkInput[] {
  const { name: object, bytes } = archive;
  const fail = (message: string, at: string, hint = 'Make the archive again: `llvm-ar rcs lib.a *.o`.') =>
    linkError(message, { object, at, hint });
  if (bytes.length > maxArchiveSize) {
    throw fail(`the archive has ${bytes.length} bytes, more than ${maxArchiveSize}`, 'file');
  }
  if (latin1(bytes.subarray(0, magic.length)) === thinMagic) {
    throw fail(
      'the archive is thin: it names its members and does not hold them',
      'archive header',
      'Make it without T: `llvm-ar rcs lib.a *.o`.',
    );
  }
  const members: LinkInput[] = [];
  let longNames = bytes.subarray(0, 0);
  let offset = magic.length;
  for (let index = 0; offset < bytes.length; index++) {
    const at = `member ${index} at byte ${offset}`;
    if (index >= maxMembers) throw fail(`the archive has more than ${maxMembers} members`, at);
    const header = latin1(bytes.subarray(offset, offset + headerSize));
    if (header.length < headerSize) throw fail('the archive ends inside a header', at);
    if (header.slice(58) !== '`\n') throw fail('the header does not end as that of a member does', at);
    const size = decimal(header.slice(48, 58));
    if (size === undefined) throw fail(`the size "${printable(header.slice(48, 58))}" is not a number`, at);
    const start = offset + headerSize;
    if (start + size > bytes.length) {
      throw fail(
        `the member has ${size} bytes by its header; the archive has ${bytes.length - start} more`,
        at,
      );
    }
    let data = bytes.subarray(start, start + size);
    offset = start + size + (size % 2);
    const field = header.slice(0, 16).trimEnd();
    if (field === '//') {
      longNames = data;
      continue;
    }
    let name = field;
    if (field.startsWith('#1/')) {
      const length = decimal(field.slice(3));
      if (length === undefined || length > size || length > maxNameLength) {
        throw fail(`the name "${printable(field)}" is longer than the member`, at);
      }
      name = latin1(data.subarray(0, length)).replace(/\0+$/, '');
      data = data.subarray(length);
    } else if (/^\/\d+$/.test(field)) {
      const found = longNameAt(longNames, Number(field.slice(1)));
      if (found === undefined) throw fail(`the name "${field}" is not in the table of long names`, at);
      name = found;
    } else if (!indexNames.has(field)) {
      name = field.replace(/\/$/, '');
    }
    if (!indexNames.has(name)) members.push({ name: `${object}(${printable(name)})`, bytes: data });
  }
  return members;
}

/** A name of the table `//`, which ends with `/` and a line feed. */
function longNameAt(table: Uint8Array, start: number): string | undefined {
  const end = table.indexOf(0x0a, start);
  if (start >= table.length || end === -1 || end - start > maxNameLength) return undefined;
  return latin1(table.subarray(start, end)).replace(/\/$/, '');
}

/** A decimal field, padded with spaces. */
function decimal(field: string): number | undefined {
  return /^\d+ *$/.test(field) ? Number(field) : undefined;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** The text with everything but printable ASCII as `\xNN`, for messages. */
function printable(text: string): string {
  return text.replace(/[^ -~]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
