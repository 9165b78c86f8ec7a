/** A member of an archive under test. */
export interface TestMember {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** A member's header and its bytes, filled up to an even length; `size` is what the header says. */
export function member(name: string, bytes: Uint8Array, size: string | number = bytes.length): Uint8Array {
  const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'644'.padEnd(8)}${String(size).padEnd(10)}\`\n`;
  return concat([latin1(header), bytes, latin1(bytes.length % 2 === 0 ? '' : '\n')]);
}

/** The magic and the given members, as they are. */
export function rawArchive(...members: readonly Uint8Array[]): Uint8Array {
  return concat([latin1('!<arch>\n'), ...members]);
}

/** An archive as GNU ar makes it: an index (of nothing), long names in `//`, short ones with a slash. */
export function buildArchive(members: readonly TestMember[]): Uint8Array {
  let names = '';
  const parts = members.map(({ name, bytes }) => {
    if (name.length < 16) return member(`${name}/`, bytes);
    const field = `/${names.length}`;
    names += `${name}/\n`;
    return member(field, bytes);
  });
  const index = member('/', new Uint8Array(4));
  return rawArchive(index, ...(names === '' ? [] : [member('//', latin1(names))]), ...parts);
}

/** An archive as BSD ar makes it: names before the members' bytes. */
export function buildBsdArchive(members: readonly TestMember[]): Uint8Array {
  return rawArchive(
    member('__.SYMDEF', new Uint8Array(8)),
    ...members.map(({ name, bytes }) => {
      const padded = name.padEnd(Math.ceil((name.length + 1) / 8) * 8, '\0');
      return member(`#1/${padded.length}`, concat([latin1(padded), bytes]));
    }),
  );
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
