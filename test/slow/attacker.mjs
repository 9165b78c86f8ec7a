import { parentPort, workerData } from 'node:worker_threads';

/*
 * Attacks a server from a thread of its own, so that the honest client beside it measures the server and not this. Started with the URL and
 * the attacks; each message `{ connections, rounds }` is a wave, answered with what was not answered properly.
 */

const { url, attacks } = workerData;

async function post(body) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/rpc`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

async function connection(index, rounds, wrong) {
  for (let round = 0; round < rounds; round++) {
    const { name, bodies, status, part } = attacks[(index + round) % attacks.length];
    const reply = await post(bodies[index % bodies.length]);
    // No room is an answer, too, to those who fill it.
    const isProper = reply.status === status && reply.text.includes(part);
    const isRefused = reply.text.includes('"QUEUE_FULL"') || reply.text.includes('"RATE_LIMITED"');
    if (!isProper && !isRefused) wrong.push(`${name}: ${reply.status} ${reply.text.slice(0, 200)}`);
  }
}

parentPort.on('message', async ({ connections, rounds }) => {
  const wrong = [];
  try {
    await Promise.all(Array.from({ length: connections }, (_, index) => connection(index, rounds, wrong)));
  } catch (thrown) {
    wrong.push(String(thrown.cause ?? thrown));
  }
  parentPort.postMessage(wrong);
});
