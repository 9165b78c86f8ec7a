import { expect, test } from 'vitest';
import { CompiledModules } from './compiled-modules.ts';

function holder(name: string, lastUse: number, dropped: string[]) {
  return { lastUse, drop: () => dropped.push(name) };
}

test('the module that has not run for the longest goes first', () => {
  const dropped: string[] = [];
  const modules = new CompiledModules(100);
  modules.add(holder('a', 3, dropped), 40);
  modules.add(holder('b', 1, dropped), 40);
  modules.add(holder('c', 4, dropped), 50);
  expect(dropped).toEqual(['b']);
  expect(modules.bytes).toBe(90);
});

test('a module above the bound is refused, and the others stay', () => {
  const dropped: string[] = [];
  const modules = new CompiledModules(100);
  expect(modules.add(holder('a', 1, dropped), 40)).toBe(true);
  expect(modules.add(holder('large', 2, dropped), 101)).toBe(false);
  expect(dropped).toEqual([]);
  expect(modules.bytes).toBe(40);
});

test('a module that replaces the one of the same program counts once', () => {
  const modules = new CompiledModules(100);
  const one = holder('a', 1, []);
  modules.add(one, 40);
  modules.add(one, 60);
  expect(modules.bytes).toBe(60);
});
