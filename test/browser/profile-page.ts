import { createContainer, resolve } from '@switchyard/core/container';
import { profileCall, toFolded } from '@switchyard/profiler';
import { containerModule } from '@switchyard/tbpf/module';

/** Deploys a contract and profiles a call of it, as folded stacks: what a page of a browser could do. */
export function profileContract(code: Uint8Array): string {
  const environment = resolve(createContainer({ modules: [containerModule] }), 'Environment');
  const sender = new Uint8Array(32).fill(1);
  const { contract } = environment.deploy({ code, sender });
  const { profile } = profileCall(environment, { contract, sender }, { nameOf: () => 'hello_world' });
  return toFolded(profile);
}
