import { openCodeCache } from '@switchyard/state';

// Puts and gets the same few keys again and again, each time with other bytes, and says what it got that nobody had put.
const [directory, seed] = process.argv.slice(2) as [string, string];
const cache = openCodeCache({ directory, maxBytes: 400_000 });
let found = 0;
for (let i = 0; i < 500; i++) {
  const key = `key ${i % 7}`;
  cache.put(key, new Uint8Array(100 + ((i * 7919) % 60_000)).fill((i + Number(seed)) & 255));
  const bytes = cache.get(`key ${(i * 3) % 7}`);
  if (bytes === undefined) continue;
  found++;
  if (bytes.length < 100 || bytes.some((byte) => byte !== bytes[0])) process.stdout.write(`mixed: ${i}\n`);
}
process.stdout.write(found > 0 ? 'done\n' : 'found nothing\n');
