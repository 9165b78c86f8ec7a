import { createWriteStream, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { VmError } from '@switchyard/core';
import type { FastifyBaseLogger } from 'fastify';
import pino, { type DestinationStream } from 'pino';
import type { EstimatorConfig } from '../config/config.ts';
import { LogLines } from './log-lines.ts';

/** Takes lines of the log: a pino destination, or any stream with `write`. */
export type LogDestination = DestinationStream;

/** A log, and what ends it. */
export interface Log {
  readonly logger: FastifyBaseLogger;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** What is never written, whoever logs a request whole. */
const SECRETS = ['headers', 'req.headers', 'err.headers', 'authorization', 'key', 'body', 'req.body'];

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
    return { logger: pino(options, destination ?? { write: () => {} }), close: async () => {} };
  }
  const stream = config.file === undefined ? process.stdout : openLog(config.file);
  const lines = new LogLines(stream);
  return {
    logger: pino(options, lines),
    close: async () => {
      await lines.close();
      if (config.file !== undefined) stream.end();
    },
  };
}

function openLog(file: string): Writable {
  try {
    // One folder, not all that are missing: with `recursive`, Node 20 never returns from a folder below /proc.
    if (!existsSync(dirname(file))) mkdirSync(dirname(file));
    return createWriteStream(file, { fd: openSync(file, 'a') });
  } catch (error) {
    throw new VmError(
      'CONFIG_INVALID',
      `estimator.log.file: cannot write ${file}: ${(error as Error).message}.`,
    );
  }
}
