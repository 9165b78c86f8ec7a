#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';

// Answered before anything is loaded: people and scripts ask for the version often, and count the milliseconds.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  const entry = new URL('../dist/main.js', import.meta.url);
  if (existsSync(entry)) {
    const { main } = await import(entry.href);
    process.exitCode = await main(args, version);
  } else {
    process.stderr.write('switchyard is not built yet; run: npm run build\n');
    process.exitCode = 2;
  }
}
