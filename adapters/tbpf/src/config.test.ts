import { expect, test } from 'vitest';
import { defaultTbpfConfig, tbpfConfigFromNative } from './config.ts';

test('an empty record gives the defaults', () => {
  expect(tbpfConfigFromNative({})).toEqual(defaultTbpfConfig);
  expect(Object.isFrozen(defaultTbpfConfig)).toBe(true);
});

test('native names map to ours', () => {
  const config = tbpfConfigFromNative({
    max_call_depth: 5,
    enable_stack_frame_gaps: false,
    enabled_tbpf_versions: ['v0', 'v3'],
    noop_instruction_rate: 0,
  });
  expect(config).toEqual({
    ...defaultTbpfConfig,
    maxCallDepth: 5,
    enableStackFrameGaps: false,
    enabledVersions: [0, 3],
  });
});

test.each([
  [{ max_call_deep: 5 }, 'config.max_call_deep: unknown field'],
  [{ toString: 5 }, 'config.toString: unknown field'],
  [{ max_call_depth: -1 }, 'config.max_call_depth: -1 is not a valid value'],
  [{ optimize_rodata: 1 }, 'config.optimize_rodata: 1 is not a valid value'],
  [{ enabled_tbpf_versions: ['v0', 'v9'] }, 'config.enabled_tbpf_versions: ["v0","v9"] is not a valid value'],
])('%j is refused by name', (record, message) => {
  expect(() => tbpfConfigFromNative(record)).toThrow(message);
});
