import { escapeHtml } from '@switchyard/core';

/** Bytes of which a reader needs both ends alone; the page's program knows the same pattern. */
const LONG_HEX = /0x[0-9a-f]{25,}/g;

/** Text as markup, long bytes shortened: the whole value is in the title, and in print. */
export function markedText(text: string): string {
  return escapeHtml(text).replace(
    LONG_HEX,
    (whole) => `<span class="hex" title="${whole}"><span>${shortHex(whole)}</span></span>`,
  );
}

function shortHex(whole: string): string {
  return `${whole.slice(0, 10)}…${whole.slice(-6)}`;
}
