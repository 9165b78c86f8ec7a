import { decodeUtf8 } from '@switchyard/core';
import { parseConfig } from '@switchyard/core/config';
import { createContainer, resolve } from '@switchyard/core/container';
import { containerModule } from '@switchyard/tbpf/module';

/** Deploys a contract, calls it with an input and tells what came of it, as JSON: what a page of a browser could do. */
export function runContract(code: Uint8Array, input: Uint8Array): string {
  const config = parseConfig({ block: { height: 7 } }, { source: 'page' });
  const environment = resolve(createContainer({ config, modules: [containerModule] }), 'Environment');
  const sender = new Uint8Array(32).fill(1);
  const { contract } = environment.deploy({ code, sender });
  const { status, result } = environment.call({ contract, sender, input });
  return JSON.stringify({
    status,
    returned: decodeUtf8(result.returnData),
    logs: result.logs.map(({ message }) => message),
  });
}
