// Connections of the API: slow answers and slow bodies are waited for, silence in the middle of a body is not.
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cutSilentBodies, drain } from '../../src/platform/http/connections.js';

const IDLE_MS = 200;

let server: Server;
beforeEach(async () => {
  server = createServer((incoming, response) => {
    void text(incoming).then(async (body) => {
      await pause(3 * IDLE_MS); // as long as a large video is looked at
      response.end(body);
    }, () => undefined);
  });
  cutSilentBodies(server, IDLE_MS);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => void server.close());

const post = () => request({ port: (server.address() as AddressInfo).port, method: 'POST', agent: false });

it('waits for a body that comes slowly, and lets the answer take longer than a body may pause', async () => {
  const sending = post();
  const answer = once(sending, 'response');
  for (let k = 0; k < 4; k++) {
    sending.write('x');
    await pause(IDLE_MS / 2);
  }
  sending.end();
  const [response] = (await answer) as [Parameters<typeof text>[0]];
  expect(await text(response)).toBe('xxxx');
});

it('cuts a body that stops arriving', async () => {
  const sending = post();
  sending.write('x');
  await expect(once(sending, 'response')).rejects.toMatchObject({ code: 'ECONNRESET' });
});

it('ends with whoever is still connected after the time for that', async () => {
  const sending = post();
  sending.write('x');
  const cut = expect(once(sending, 'response')).rejects.toMatchObject({ code: 'ECONNRESET' });
  await once(server, 'request');
  await drain(server, 10, () => new Promise((resolve) => server.close(() => resolve())));
  await cut;
});
