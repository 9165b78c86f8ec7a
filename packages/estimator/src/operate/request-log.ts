import type { FastifyBaseLogger } from 'fastify';
import pino, { type DestinationStream } from 'pino';
import type { EstimatorConfig } from '../config/config.ts';

/** Takes lines of the log: a pino destination, or any stream with `write`. */
export type LogDestination = DestinationStream;

/** A log, and what ends it. */
export interface Log {
  /** Undefined where nothing is logged. */
  readonly logger: FastifyBaseLogger | undefined;
  /** Writes what is left. */
  close(): void;
}

/** What is never written, whoever logs a request whole. */
const SECRETS = ['headers', 'req.headers', 'err.headers', 'authorization', 'key', 'body', 'req.body'];

/** A log of JSON lines; it writes to `destination`, or to the configured file or standard output, beside the requests. */
export function createLog(config: EstimatorConfig['log'], destination?: LogDestination): Log {
  if (config.level === 'silent') return { logger: undefined, close: () => {} };
  const options = {
    level: config.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRETS, remove: true },
    serializers: { err: pino.stdSerializers.err },
  };
  if (destination !== undefined) return { logger: pino(options, destination), close: () => {} };
  const file = pino.destination({ dest: config.file ?? 1, sync: false, mkdir: true });
  return {
    logger: pino(options, file),
    close: () => {
      file.flushSync();
      if (config.file !== undefined) file.end();
    },
  };
}
