import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { VmError } from '@switchyard/core';
import type { FastifyBaseLogger } from 'fastify';
import pino, { type DestinationStream } from 'pino';
import type { EstimatorConfig } from '../config/config.ts';

/** Takes lines of the log: a pino destination, or any stream with `write`. */
export type LogDestination = DestinationStream;

/** A log, and what ends it. */
export interface Log {
  readonly logger: FastifyBaseLogger;
  /** Writes what is left. */
  close(): void;
}

/** What is never written, whoever logs a request whole. */
const SECRETS = ['headers', 'req.headers', 'err.headers', 'authorization', 'key', 'body', 'req.body'];

/** Lines are written some at a time, a fifth of a second late at most: a write for each would cost as much as the answer. */
const IN_THE_BACKGROUND = { sync: false, minLength: 4096, periodicFlush: 200 };

/**
 * A log of JSON lines; it writes to `destination`, or to the configured file or standard output, beside the requests.
 * @throws VmError CONFIG_INVALID for a file that cannot be written
 */
export function createLog(config: EstimatorConfig['log'], destination?: LogDestination): Log {
  const options = {
    level: config.level,
    base: null,
    redact: { paths: SECRETS, remove: true },
    serializers: { err: pino.stdSerializers.err },
  };
  if (destination !== undefined || config.level === 'silent') {
    return { logger: pino(options, destination ?? { write: () => {} }), close: () => {} };
  }
  const fd = config.file === undefined ? 1 : openLog(config.file);
  const lines = pino.destination({ fd, ...IN_THE_BACKGROUND });
  return {
    logger: pino(options, lines),
    close: () => {
      lines.flushSync();
      if (config.file !== undefined) lines.end();
    },
  };
}

function openLog(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'a');
  } catch (error) {
    throw new VmError(
      'CONFIG_INVALID',
      `estimator.log.file: cannot write ${file}: ${(error as Error).message}.`,
    );
  }
}
