import { existsSync } from 'node:fs';

/** Debian's package `chromium`. */
export const CHROMIUM: string = process.env['SWITCHYARD_CHROMIUM'] ?? '/usr/bin/chromium';

/** Nothing but the page: no sandbox (the tests may run as root), no traffic of the browser's own. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether there is a browser to test in; says so where there is none. */
export function hasChromium(): boolean {
  if (existsSync(CHROMIUM)) return true;
  console.warn(
    `chromium: skipped, ${CHROMIUM} is absent: apt-get install chromium, or set SWITCHYARD_CHROMIUM.`,
  );
  return false;
}
