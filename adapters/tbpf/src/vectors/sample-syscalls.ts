import { type Syscall, syscallFault } from '../syscalls/syscall.ts';

/** What the sample syscalls of the vector files leave for comparison. */
export interface VectorHost {
  /** Data seen by `log`, in order. */
  readonly log: Uint8Array[];
}

/** The sample syscalls that vectors may register (fixtures/vectors/tbpf/README.md). */
export const sampleSyscalls: readonly Syscall[] = [
  {
    name: 'burn',
    run(machine) {
      machine.meter.consume(machine.register(1));
      machine.setRegister(0, machine.register(1) + machine.register(2));
      return undefined;
    },
  },
  {
    name: 'fail',
    run(machine) {
      machine.meter.consume(machine.register(1));
      return syscallFault('Boom');
    },
  },
  {
    name: 'log',
    run(machine) {
      const bytes = machine.bytesAt(1, machine.registerNumber(2), false);
      if (bytes === undefined) return machine.memoryFault(1, machine.register(2), false);
      (machine.host as VectorHost).log.push(bytes.slice());
      machine.setRegister(0, 0n);
      return undefined;
    },
  },
  {
    name: 'fill',
    run(machine) {
      const bytes = machine.bytesAt(1, machine.registerNumber(2), true);
      if (bytes === undefined) return machine.memoryFault(1, machine.register(2), true);
      bytes.fill(Number(machine.register(3) & 0xffn));
      machine.setRegister(0, machine.register(2));
      return undefined;
    },
  },
  {
    name: 'gather_bytes',
    run(machine) {
      let gathered = machine.register(5);
      for (const [index, shift] of [32n, 24n, 16n, 8n].entries()) {
        gathered |= machine.register(index + 1) << shift;
      }
      machine.setRegister(0, gathered);
      return undefined;
    },
  },
];
