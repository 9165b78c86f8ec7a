import { bytesToHex, formatLocation, printable } from '@switchyard/core';
import { shortAddress } from '../names.ts';
import { formatStep } from './format-step.ts';
import { formatArgument, formatBytes, formatResult } from './format-value.ts';
import type { TraceEvent, TracePlace } from './trace-event.ts';

/** An event on one line for people, safe for a terminal; what happens in called contracts is indented. */
export function toTextLine(event: TraceEvent): string {
  return `${'  '.repeat(event.depth)}${textOf(event)}`;
}

function textOf(event: TraceEvent): string {
  switch (event.type) {
    case 'call': {
      const { contract, entry, engine, gasLimit, value, input, inputLength, isStatic } = event;
      const extras = [
        ...(value === 0n ? [] : [`value ${value}`]),
        ...(inputLength === 0 ? [] : [`input ${formatBytes(input, inputLength)}`]),
        ...(isStatic ? ['read-only'] : []),
      ];
      return [
        `call ${shortAddress(contract)} ${printable(entry)} [${engine}]`,
        `${gasLimit} gas`,
        ...extras,
      ].join(', ');
    }
    case 'return': {
      const { contract, status, error, gasUsed, exitCode, returnData, returnDataLength } = event;
      const end = error === null ? status : `${status} with ${error.code}`;
      const code = exitCode === null || exitCode === 0n ? [] : [`exit code ${exitCode}`];
      const data = returnDataLength === 0 ? [] : [`data ${formatBytes(returnData, returnDataLength)}`];
      return [`return from ${shortAddress(contract)}: ${end}`, ...code, `${gasUsed} gas`, ...data].join(', ');
    }
    case 'enter':
      return `enter ${printable(event.function)}${sourceText(event)}`;
    case 'leave':
      return `leave ${printable(event.function)}, ${event.gas} gas`;
    case 'step':
      return `${formatStep({ ...event, callDepth: event.depth })}${sourceText(event)}`;
    case 'syscall': {
      const { name, error, result, gas } = event;
      const end =
        error === null
          ? result === null
            ? ''
            : ` = ${formatResult(result)}`
          : ` failed: ${printable(error)}`;
      return `syscall ${printable(name)}(${event.arguments.map(formatArgument).join(', ')})${end}, ${gas} gas${sourceText(event)}`;
    }
    case 'storage':
      return storageText(event.kind, event.key, event.value, event.valueLength);
    case 'log':
      return `log ${printable(event.message)}`;
    case 'event':
      return eventText(event.topics, event.data, event.dataLength);
  }
}

/** `event 0x7: 0x0100`: topics without their leading zeros, then the data. */
export function eventText(topics: readonly Uint8Array[], data: Uint8Array, length: number): string {
  const shown = topics.map((topic) => bytesToHex(topic).replace(/^0+(?=.)/, '0x'));
  return `event ${shown.join(', ')}: ${formatBytes(data, length)}`;
}

/** `read "value": absent`. */
export function storageText(kind: string, key: Uint8Array, value: Uint8Array | null, length: number): string {
  if (kind === 'delete') return `storage delete ${formatBytes(key)}`;
  return `storage ${kind} ${formatBytes(key)}: ${value === null ? 'absent' : formatBytes(value, length)}`;
}

function sourceText({ source }: TracePlace): string {
  return source === undefined ? '' : `  ${printable(formatLocation(source))}`;
}
