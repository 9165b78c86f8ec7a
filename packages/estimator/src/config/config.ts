/** Bounds of one request, of a client and of the whole. A rejection names the one that it met. */
export interface EstimatorLimits {
  /** Most gas that one run may have; absent: `gas.maxLimit` of the configuration. */
  readonly gas: bigint | undefined;
  /** Longest time of one job in a worker, in milliseconds. */
  readonly timeMs: number;
  /** Most memory of a worker's JavaScript heap, in MiB. */
  readonly heapMb: number;
  /** Longest body of a request, in bytes. */
  readonly bodyBytes: number;
  /** Longest answer to a request, in bytes; of a batch, all of its answers together. */
  readonly responseBytes: number;
  /** Most calls in a JSON-RPC batch. */
  readonly batch: number;
  /** Most jobs that wait for a worker. */
  readonly queue: number;
  /** Most jobs of one client that wait. */
  readonly queuePerClient: number;
  /** Longest time in which a request must have arrived whole, in milliseconds. */
  readonly bodyTimeoutMs: number;
  /** Most open connections; further ones are closed at once. */
  readonly connections: number;
}

/** Calls that a client may make: `burst` at once, `callsPerSecond` in the long run. Each entry of a batch is a call. */
export interface Rate {
  readonly callsPerSecond: number;
  readonly burst: number;
}

/** Names of keys: no address is one, since a letter comes first and there is no colon. */
export const API_KEY_NAME = /^[A-Za-z][\w.-]{0,63}$/;

/** A key that lets a client in. The key itself is nowhere: only its sha-256. */
export interface ApiKeyConfig {
  /** Names the client in logs and in the queue. */
  readonly name: string;
  /** sha-256 of the key's text, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  /** Absent: no limit. */
  readonly rate: Rate | undefined;
}

/** The section `estimator` of the configuration, checked and complete. */
export interface EstimatorConfig {
  /** Address to listen on. */
  readonly host: string;
  /** Port to listen on; 0: one that is free. */
  readonly port: number;
  /** Threads that run contracts. */
  readonly workers: number;
  readonly limits: EstimatorLimits;
  /** Answers that are kept for equal requests on an equal state. */
  readonly cache: {
    /** 0: none are kept. */
    readonly bytes: number;
  };
  readonly keys: readonly ApiKeyConfig[];
  /** Whether a client needs no key. */
  readonly anonymous: boolean;
  /** Limit of clients without a key, each by its address; absent: none. */
  readonly rate: Rate | undefined;
  readonly cors: {
    /** Origins whose pages may call, as browsers send them; `*`: all. None: no page of elsewhere may. */
    readonly origins: readonly string[];
  };
  /**
   * Whose `X-Forwarded-For` is believed: nobody's, everybody's (only where nobody but a proxy of yours can connect), or that of proxies by
   * address or network: `['10.0.0.0/8']`.
   */
  readonly trustProxy: boolean | readonly string[];
  readonly log: {
    readonly level: LogLevel;
    /** File to write to; absent: standard output. */
    readonly file: string | undefined;
  };
  readonly metrics: {
    readonly enabled: boolean;
    /** Whether GET /metrics asks for a key. */
    readonly requireKey: boolean;
  };
  readonly tracing: {
    /** Collector to send spans to by OTLP over HTTP: `http://localhost:4318/v1/traces`. Absent: none are sent. */
    readonly url: string | undefined;
    readonly serviceName: string;
  };
  /** Whether the service has its page, at GET `/`. */
  readonly page: boolean;
}

/** What is logged: the level itself and those before it. `silent`: nothing. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Levels of the log, the gravest first. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** What holds when nothing is configured, but for `workers` and `anonymous`, which depend on the machine and on the keys. */
export const ESTIMATOR_DEFAULTS = Object.freeze<Omit<EstimatorConfig, 'workers' | 'anonymous'>>({
  host: '127.0.0.1',
  port: 8645,
  limits: {
    gas: undefined,
    timeMs: 1000,
    heapMb: 256,
    bodyBytes: 4_194_304,
    responseBytes: 4_194_304,
    batch: 1000,
    queue: 2000,
    queuePerClient: 1000,
    bodyTimeoutMs: 10_000,
    connections: 1000,
  },
  cache: { bytes: 67_108_864 },
  keys: [],
  rate: undefined,
  cors: { origins: [] },
  trustProxy: false,
  log: { level: 'info', file: undefined },
  metrics: { enabled: true, requireKey: false },
  tracing: { url: undefined, serviceName: 'switchyard' },
  page: true,
});
