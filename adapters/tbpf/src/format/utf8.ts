const replacement = 0xfffd;

/** Encodes text as UTF-8; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    let code = character.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) code = replacement;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuation(code));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code));
    else
      bytes.push(0xf0 | (code >> 18), continuation(code >> 12), continuation(code >> 6), continuation(code));
  }
  return Uint8Array.from(bytes);
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f);
}

/** Decodes UTF-8; every maximal ill-formed part becomes one U+FFFD, as Rust and the web platform do. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const { code, size } = decodeOne(bytes, at);
    text += String.fromCodePoint(code);
    at += size;
  }
  return text;
}

function decodeOne(bytes: Uint8Array, at: number): { code: number; size: number } {
  const first = bytes[at]!;
  if (first < 0x80) return { code: first, size: 1 };
  const count = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4) return { code: replacement, size: 1 };
  let code = first & (0x3f >> count);
  for (let index = 1; index <= count; index++) {
    const next = bytes[at + index];
    const [low, high] = index === 1 ? secondByteRange(first) : [0x80, 0xbf];
    if (next === undefined || next < low || next > high) return { code: replacement, size: index };
    code = (code << 6) | (next & 0x3f);
  }
  return { code, size: count + 1 };
}

/** The second byte excludes overlong forms, surrogates and values above U+10FFFF. */
function secondByteRange(first: number): readonly [number, number] {
  if (first === 0xe0) return [0xa0, 0xbf];
  if (first === 0xed) return [0x80, 0x9f];
  if (first === 0xf0) return [0x90, 0xbf];
  if (first === 0xf4) return [0x80, 0x8f];
  return [0x80, 0xbf];
}
