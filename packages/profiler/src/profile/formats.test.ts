import { describe, expect, test } from 'vitest';
import { HOSTILE_NAME, sampleProfile } from './sample-profile.fixture.ts';
import { toFolded } from './to-folded.ts';
import { toHtml } from './to-html.ts';
import { toSpeedscope } from './to-speedscope.ts';
import { toText } from './to-text.ts';

const PRINTED_NAME = '</script><img src=x onerror=alert(1)>;\\u{1b}[2J"\'&';

test('text has tables by gas, recursion once in totals', () => {
  expect(toText(sampleProfile)).toBe(`1_000 gas of 1_000, failed: OUT_OF_GAS

        self               total              calls  contract
           0    0.0%       1_000  100.0%          1  a.so entry_0 [tbpf]

        self               total              calls  function
         600   60.0%       1_000  100.0%          3  ${PRINTED_NAME}  a;b.c:3

        self               total              calls  syscall
         400   40.0%         400   40.0%          4  tos_log

         gas                                         line
         600   60.0%                                 a;b.c:3
`);
});

test('folded stacks have one line a stack, and names without what separates them', () => {
  const name = PRINTED_NAME.replaceAll(';', ':');
  expect(toFolded(sampleProfile)).toBe(
    [
      `a.so entry_0 [tbpf];${name} 300`,
      `a.so entry_0 [tbpf];${name};tos_log 400`,
      `a.so entry_0 [tbpf];${name};${name} 300`,
      '',
    ].join('\n'),
  );
});

test('a speedscope file opens and closes every call, the gas of its own behind what it calls', () => {
  expect(toSpeedscope(sampleProfile, 'a.so')).toEqual({
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: 'switchyard',
    name: 'a.so',
    activeProfileIndex: 0,
    shared: {
      frames: [
        { name: 'a.so entry_0 [tbpf]' },
        { name: PRINTED_NAME, file: 'a;b.c', line: 3, col: 7 },
        { name: 'tos_log' },
      ],
    },
    profiles: [
      {
        type: 'evented',
        name: 'a.so: gas',
        unit: 'none',
        startValue: 0,
        endValue: 1000,
        events: [
          { type: 'O', frame: 0, at: 0 },
          { type: 'O', frame: 1, at: 0 },
          { type: 'O', frame: 2, at: 0 },
          { type: 'C', frame: 2, at: 400 },
          { type: 'O', frame: 1, at: 400 },
          { type: 'C', frame: 1, at: 700 },
          { type: 'C', frame: 1, at: 1000 },
          { type: 'C', frame: 0, at: 1000 },
        ],
      },
    ],
  });
});

describe('the page', () => {
  const page = toHtml(sampleProfile, HOSTILE_NAME);

  test('is the same for the same profile', () => {
    expect(toHtml(structuredClone(sampleProfile), HOSTILE_NAME)).toBe(page);
  });

  test('has no markup out of names: two scripts, one of them data, and no image', () => {
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script/g)).toHaveLength(2);
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;');
  });

  test('loads nothing: no address in it, and a policy against it', () => {
    expect(page).not.toMatch(/https?:|\/\/[a-z]|url\(|@import/);
    expect(page).toContain("default-src 'none'");
  });

  test('has its data exact, as decimal text', () => {
    const data = /<script id="data"[^>]*>(.*)<\/script>/.exec(page)![1]!;
    expect((JSON.parse(data) as { nodes: unknown }).nodes).toEqual([
      [0, 0, 1, '0', '1000'],
      [1, 1, 2, '300', '1000'],
      [2, 2, 4, '400', '400'],
      [1, 2, 1, '300', '300'],
    ]);
  });
});
