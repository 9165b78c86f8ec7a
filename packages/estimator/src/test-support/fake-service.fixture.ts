import type { VmErrorCode } from '@switchyard/core';
import type {
  Answer,
  AnswerFacts,
  EstimatorService,
  Job,
  Readiness,
  ServiceStatus,
} from '../service/service.ts';

/** What a fake service was asked. */
export interface Asked {
  readonly jobs: readonly Job[];
  readonly client: string;
}

/** A service that answers at once what it is told to, and remembers what it was asked. */
export class FakeService implements EstimatorService {
  readonly asked: Asked[] = [];
  isClosed = false;
  onTrouble: EstimatorService['onTrouble'];
  readiness: Readiness = { ready: true, parts: { state: 'ok', workers: 'ok' }, stateVersion: 7n };
  numbers: ServiceStatus = {
    workers: 2,
    queued: 3,
    running: 1,
    replaced: { time: 4, memory: 0, crash: 1 },
    cache: { entries: 5, bytes: 600 },
  };
  readonly #answer: (job: Job) => Answer | Promise<Answer>;

  constructor(answer: (job: Job) => Answer | Promise<Answer> = (job) => ok(job.method)) {
    this.#answer = answer;
  }

  async run(jobs: readonly Job[], client: string): Promise<readonly Answer[]> {
    this.asked.push({ jobs, client });
    return Promise.all(jobs.map((job) => this.#answer(job)));
  }

  stateVersion(): bigint {
    return this.readiness.stateVersion ?? 0n;
  }

  async ready(): Promise<Readiness> {
    return this.readiness;
  }

  status(): ServiceStatus {
    return this.numbers;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

const RUN: AnswerFacts = {
  engine: 'tbpf',
  tier: 'compiled',
  status: 'success',
  gasUsed: 1234n,
  milliseconds: 2,
  isCached: false,
};

const SURROUNDINGS = {
  contract: 'ab'.repeat(32),
  engine: 'tbpf',
  version: '1.0.0',
  profile: 'tos',
  stateVersion: '7',
  height: '9',
};
const ESTIMATE = {
  gasLimit: '1234',
  gasUsed: '1234',
  refund: '0',
  method: 'exact',
  runs: 2,
  margin: '0',
  exceedsLimit: false,
  breakdown: [{ kind: 'instructions', name: 'tbpf', gas: '1234', calls: 1 }],
};
const RAN = {
  status: 'success',
  exitCode: '0',
  returnData: '05',
  returnValue: null,
  gas: { limit: '200000', charged: '1234', refunded: '0', price: '0', fee: '0' },
  logs: [],
  events: [],
  transfers: [],
  stateChanges: [],
  fault: null,
};

/** A result of each method, as its schema has it. */
const RESULTS: Readonly<Record<Job['method'], unknown>> = {
  vm_estimateGas: { ...ESTIMATE, ...SURROUNDINGS },
  vm_execute: { ...RAN, ...SURROUNDINGS },
  vm_call: { results: [{ ...RAN, ...SURROUNDINGS, estimate: ESTIMATE }] },
  vm_trace: {
    status: 'success',
    fault: null,
    gasUsed: '1234',
    tree: 'abab… entrypoint 1,234\n',
    events: null,
    profile: null,
    isCut: false,
    contract: SURROUNDINGS.contract,
    engine: 'tbpf',
    version: '1.0.0',
    stateVersion: '7',
    height: '9',
  },
  vm_validateCode: {
    valid: true,
    fault: null,
    warnings: [],
    engine: 'tbpf',
    format: 'elf',
    codeHash: 'cd'.repeat(32),
    size: 4,
    instructions: 1,
    entries: [],
    hooks: [],
    functions: [],
    syscalls: [],
  },
  vm_engines: {
    engines: [{ type: 'tbpf', enabled: true, version: '1.0.0', features: [], tiers: ['compiled'] }],
    profile: 'tos',
    gas: { defaultLimit: '200000', maxLimit: '1400000', price: '0' },
    maxCallDepth: 64,
  },
};

/** The result of a method, as text. */
export function ok(method: Job['method'], facts: Partial<AnswerFacts> = {}): Answer {
  return { ok: true, json: JSON.stringify(RESULTS[method]), stateVersion: 7n, facts: { ...RUN, ...facts } };
}

/** A failure with this code. */
export function failed(code: VmErrorCode, message: string, retryAfterSeconds?: number): Answer {
  const fault = {
    code,
    message,
    hint: 'A hint.',
    reason: null,
    native: null,
    exitCode: null,
    returnData: '',
    pc: null,
    contract: null,
    source: null,
    details: {},
  };
  return {
    ok: false,
    code,
    message,
    json: JSON.stringify(fault),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    facts: { ...RUN, status: 'failed', gasUsed: null },
  };
}
