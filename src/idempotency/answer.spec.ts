// Tests of which answers are kept to be given again.
import express, { type Response } from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { markBroken } from '../platform/http/broken-answers.js';
import { type Answer, catchAnswer } from './answer.js';

/** What is kept of the answer that `give` makes. */
async function keptOf(give: (response: Response) => void): Promise<Answer | undefined> {
  let kept: Answer | undefined;
  const app = express();
  app.get('/', (_request, response) => {
    catchAnswer(response, (answer) => Promise.resolve(void (kept = answer)));
    give(response);
  });
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).text();
  server.close();
  return kept;
}

it('a whole answer is kept, also one in pieces; one that broke off and one that refuses are not', async () => {
  const pieces = (response: Response): void => void response.write('data: a\n\n');
  expect(await keptOf((response) => (pieces(response), response.end('data: b\n\n')))).toMatchObject({ status: 200, body: Buffer.from('data: a\n\ndata: b\n\n').toString('base64') });
  expect(await keptOf((response) => (pieces(response), markBroken(response), response.end('data: error\n\n')))).toBeUndefined();
  expect(await keptOf((response) => response.status(422).end('no'))).toBeUndefined();
});
