import type { Native } from './native.ts';
import { nodeNatives } from './table.ts';

/** Renders the table of natives as a markdown page, in order of their ids. */
export function renderNativeReference(): string {
  return `# Legacy natives

What a legacy module calls with \`SYSCALL\`, by name or id. A native with a receiver takes it from under its parameters: push the receiver
first, then the parameters from left to right. The result, where there is one, is pushed.

Gas is the fixed part, charged after the pops and besides the 2 of the instruction. Natives that look at every element charge for the
elements too, \`Storage.store\` and its like for the bytes of key and value; a result adds 1 for each byte of its memory.

Ids from ${nodeNatives.length} on are [functions of the host](../guide/tos-vm.md#functions-of-the-host), in order of registration. What some natives do
differently from the node, or refuse: [the engine's page](../../adapters/legacy/README.md#what-differs-from-the-node).

| Id | Native | Receiver | Parameters | Gas |
|---:|---|---|---:|---:|
${nodeNatives.map(rowOf).join('\n')}
`;
}

function rowOf({ name, hasReceiver, parameters, cost }: Native, id: number): string {
  return `| ${id} | \`${name}\` | ${hasReceiver ? 'yes' : ''} | ${parameters} | ${`${cost}`.replace(/\B(?=(\d{3})+$)/g, ',')} |`;
}
