import { expect, test } from 'vitest';
import { GasTree, walk } from './gas-tree.ts';

const rows = (tree: GasTree<string>) =>
  walk(tree).map(({ node, depth, self, total }) => [node.item, depth, node.count, self, total]);

test('equal calls of one caller are one node, in the order in which they first came', () => {
  const tree = new GasTree('', 'rest', { maxNodes: 100, maxChildren: 10 });
  const a = tree.enter(tree.root, 'a', () => 'a');
  tree.enter(a, 'c', () => 'c').self.add(5);
  tree.enter(tree.root, 'b', () => 'b').self.add(1);
  tree.enter(a, 'c', () => 'c').self.add(6);
  a.self.add(2);
  expect(rows(tree)).toEqual([
    ['a', 0, 1, 2n, 13n],
    ['c', 1, 2, 11n, 11n],
    ['b', 0, 1, 1n, 1n],
  ]);
  expect(tree.isCut).toBe(false);
});

test('what does not fit is one node of its caller, and no gas is lost', () => {
  const tree = new GasTree('', 'rest', { maxNodes: 100, maxChildren: 2 });
  for (const name of ['a', 'b', 'c', 'd', 'a']) {
    const node = tree.enter(tree.root, name, () => name);
    tree.enter(node, 'below', () => 'below').self.add(10);
  }
  expect(rows(tree)).toEqual([
    ['a', 0, 2, 0n, 20n],
    ['below', 1, 2, 20n, 20n],
    ['b', 0, 1, 0n, 10n],
    ['below', 1, 1, 10n, 10n],
    ['rest', 0, 2, 20n, 20n],
  ]);
  expect(tree.isCut).toBe(true);
});

test('a tree of any depth is walked', () => {
  const tree = new GasTree('', 'rest', { maxNodes: 1_000_000, maxChildren: 2 });
  let node = tree.root;
  for (let depth = 0; depth < 200_000; depth++) node = tree.enter(node, 'f', () => 'f');
  node.self.add(1);
  const walked = walk(tree);
  expect(walked).toHaveLength(200_000);
  expect(walked[0]!.total).toBe(1n);
});
