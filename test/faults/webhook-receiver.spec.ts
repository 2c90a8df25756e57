// Receivers that hang and workers that are killed while they tell them: every message comes through, and others do not wait.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebhookReceiver } from '../medium/webhook-receiver.js';
import { BreakableProduct, PATIENCE } from './breakable-product.js';

interface Json {
  readonly id: string;
  readonly status: string;
  readonly data: readonly Json[];
  readonly log: readonly { readonly status_code: number | null; readonly error_code: string | null }[];
}

let product: BreakableProduct;
let receiver: WebhookReceiver;

beforeAll(async () => {
  product = await BreakableProduct.start({ env: { OUTGOING_ALLOW: '127.0.0.1', WORKER_ROLES: 'delivery' } });
});
afterAll(() => product?.stop());
beforeEach(async () => {
  receiver = await new WebhookReceiver().start();
  return () => receiver.stop();
});

async function call(path: string, body?: object): Promise<Json> {
  const init = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return (await (await fetch(product.baseUrl + path, init)).json()) as Json;
}

const add = async (path: string): Promise<Json> => call('/v1/webhooks', { url: receiver.url(path) });
const ping = async ({ id }: Json): Promise<string> => `/v1/webhooks/${id}/deliveries/${(await call(`/v1/webhooks/${id}/ping`, {})).id}`;
const arrives = (path: string, times: number): Promise<void> => vi.waitFor(() => expect(receiver.at(path)).toHaveLength(times), PATIENCE);
const ends = (delivery: string): Promise<void> => vi.waitFor(async () => expect(await call(delivery)).toMatchObject({ status: 'delivered' }), PATIENCE);

describe('a worker', () => {
  it('that is killed while a receiver takes its message: the next one sends the same message again, and the rest after it', async () => {
    const endpoint = await add('/hook');
    receiver.answer = (_path, response) => void (receiver.received.length > 1 && response.end());
    const deliveries = [await ping(endpoint)];
    await arrives('/hook', 1);
    deliveries.push(await ping(endpoint), await ping(endpoint));
    await product.worker.kill();
    for (const delivery of deliveries) await ends(delivery);
    const ids = receiver.at('/hook').map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(4);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('a receiver', () => {
  it('that says nothing costs its own message an attempt, and others nothing', async () => {
    const [silent, others] = [await add('/silent'), await Promise.all(['/a', '/b', '/c'].map(add))];
    receiver.answer = (path, response) => void (path === '/silent' || response.end());
    const waiting = await ping(silent);
    await arrives('/silent', 1);
    for (const other of others) await ends(await ping(other));
    expect(await call(waiting)).toMatchObject({ status: 'pending', log: [] });
    await vi.waitFor(async () => expect((await call(waiting)).log).toMatchObject([{ status_code: null, error_code: 'http.timeout' }]), PATIENCE);
    receiver.answer = (_path, response) => void response.end();
    await ends(waiting);
    expect(receiver.at('/silent')).toHaveLength(2);
  });
});
