import { expect, test } from 'vitest';
import { createTestServer } from '../test-support/create-test-server.fixture.ts';
import { FakeService, failed, ok } from '../test-support/fake-service.fixture.ts';

const CALL = { jsonrpc: '2.0', id: 1, method: 'vm_execute', params: { contract: 'ab'.repeat(32) } };

async function serving(service: FakeService, config = {}) {
  const { app } = await createTestServer(config, service);
  return async (payload: object) => (await app.inject({ method: 'POST', url: '/rpc', payload })).body;
}

test('the same bytes are answered with the same bytes, without being read again, while the state stays', async () => {
  const service = new FakeService();
  const ask = await serving(service);
  const first = await ask(CALL);
  expect(await ask(CALL)).toBe(first);
  expect(await ask([CALL, CALL])).toBe(await ask([CALL, CALL]));
  expect(service.asked).toHaveLength(2);
  // Another id is another request.
  expect(await ask({ ...CALL, id: 2 })).toContain('"id":2');
  expect(service.asked).toHaveLength(3);
});

test('a state that has changed is asked', async () => {
  const service = new FakeService();
  const ask = await serving(service);
  await ask(CALL);
  service.readiness = { ...service.readiness, stateVersion: 8n };
  await ask(CALL);
  expect(service.asked).toHaveLength(2);
});

test('a fault of the contract is kept; what may go well later, and what was not run whole, is not', async () => {
  const version = { stateVersion: 7n };
  const reverted = new FakeService(() => ({ ...failed('REVERTED', 'No.'), ...version }));
  const askReverted = await serving(reverted);
  expect(await askReverted(CALL)).toBe(await askReverted(CALL));
  expect(reverted.asked).toHaveLength(1);

  const busy = new FakeService(() => ({ ...failed('QUEUE_FULL', 'No.', 1), ...version }));
  const askBusy = await serving(busy);
  await askBusy(CALL);
  await askBusy(CALL);
  expect(busy.asked).toHaveLength(2);

  const service = new FakeService(() => ok('vm_execute'));
  const ask = await serving(service);
  const batch = [CALL, { ...CALL, method: 'vm_nothing' }];
  await ask(batch);
  await ask(batch);
  expect(service.asked).toHaveLength(2);
});

test('known requests count for the limit of calls, and nothing is known where the cache is off', async () => {
  const limited = await createTestServer({ rate: { callsPerSecond: 1, burst: 2 } }, new FakeService());
  const statuses = [];
  for (let index = 0; index < 3; index++) {
    const response = await limited.app.inject({ method: 'POST', url: '/rpc', payload: CALL });
    statuses.push(response.statusCode);
  }
  expect(statuses).toEqual([200, 200, 429]);

  const service = new FakeService();
  const ask = await serving(service, { cache: { bytes: 0 } });
  await ask(CALL);
  await ask(CALL);
  expect(service.asked).toHaveLength(2);
});
