import { GasSum } from './gas-sum.ts';

/** A node of a tree of calls. Nodes are only ever added below the root, so every parent is older than its children. */
export class GasNode<T> {
  readonly item: T;
  readonly parent: GasNode<T> | undefined;
  readonly children = new Map<string, GasNode<T>>();
  /** Gas spent here and not in children. */
  readonly self = new GasSum();
  /** How often it was entered. */
  count = 0;
  /** True for a node that stands for whatever the tree had no room for. */
  readonly isRest: boolean;

  constructor(item: T, parent: GasNode<T> | undefined, isRest: boolean) {
    this.item = item;
    this.parent = parent;
    this.isRest = isRest;
  }
}

/** How large a tree may grow. */
export interface TreeLimits {
  readonly maxNodes: number;
  /** Children of one node. */
  readonly maxChildren: number;
}

/**
 * A tree of calls, in which equal calls of one parent are one node. Bounded: what does not fit goes to one node of its parent that
 * stands for the rest, so that no gas is lost.
 */
export class GasTree<T> {
  readonly root: GasNode<T>;
  readonly #limits: TreeLimits;
  readonly #rest: T;
  #size = 1;
  /** True when something did not fit. */
  isCut = false;

  /** @param rest what the nodes hold that stand for what did not fit. */
  constructor(root: T, rest: T, limits: TreeLimits) {
    this.root = new GasNode<T>(root, undefined, false);
    this.#rest = rest;
    this.#limits = limits;
  }

  /** The child with this key, entered once more; made if it is new. */
  enter(parent: GasNode<T>, key: string, make: () => T): GasNode<T> {
    const node = this.#childOf(parent, key, make);
    // What the rest calls is the rest: it was entered already.
    if (node !== parent) node.count++;
    return node;
  }

  #childOf(parent: GasNode<T>, key: string, make: () => T): GasNode<T> {
    const known = parent.children.get(key);
    if (known !== undefined) return known;
    if (parent.isRest) return parent;
    const isFull = this.#size >= this.#limits.maxNodes || parent.children.size >= this.#limits.maxChildren;
    if (isFull) {
      this.isCut = true;
      const rest = parent.children.get(REST_KEY) ?? new GasNode(this.#rest, parent, true);
      parent.children.set(REST_KEY, rest);
      return rest;
    }
    const node = new GasNode(make(), parent, false);
    parent.children.set(key, node);
    this.#size++;
    return node;
  }
}

/** Not a key of anything else: those begin with a letter. */
const REST_KEY = '…';

/** A node with what it and everything below it cost. */
export interface WalkedNode<T> {
  readonly node: GasNode<T>;
  /** Distance from the root's children, which have 0. */
  readonly depth: number;
  readonly self: bigint;
  readonly total: bigint;
}

/** Every node but the root, parents first, children in the order in which they were first entered. No recursion: trees may be deep. */
export function walk<T>(tree: GasTree<T>): readonly WalkedNode<T>[] {
  const order: { node: GasNode<T>; depth: number; index: number; parent: number; total: bigint }[] = [];
  const pending: { node: GasNode<T>; depth: number; parent: number }[] = [];
  const pushChildren = (node: GasNode<T>, depth: number, parent: number): void => {
    for (const child of [...node.children.values()].reverse()) pending.push({ node: child, depth, parent });
  };
  pushChildren(tree.root, 0, -1);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const index = order.length;
    order.push({ ...next, index, total: next.node.self.value });
    pushChildren(next.node, next.depth + 1, index);
  }
  for (let index = order.length - 1; index >= 0; index--) {
    const { parent, total } = order[index]!;
    if (parent >= 0) order[parent]!.total += total;
  }
  return order.map(({ node, depth, total }) => ({ node, depth, self: node.self.value, total }));
}
