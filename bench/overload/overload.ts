// `npm run bench -- overload`: more work than the service takes, while somebody reads: what is refused, how long reading takes, and whether what was accepted is done.
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { quantile, rounded } from '../../src/model/metrics/statistics.js';
import { type Product, withProduct } from '../harness/product.js';
import { type Figures, tell } from '../harness/report.js';

export interface OverloadOptions {
  /** How long new work is sent. */
  readonly seconds: number;
  /** Who send it, each one request after the other. */
  readonly senders: number;
}

const CLIP = resolve('models/demo/short_30s.mp4');
/** So few that the load is far above it within seconds. */
const LIMITS = { OVERLOAD_TASKS: '20', OVERLOAD_QUESTIONS: '20' };
const READS = ['/health/live', '/health/ready', '/v1/videos', '/v1/analyze/tasks'] as const;
const READ_EVERY_MS = 50;
const DONE_EVERY_MS = 500;

interface Sent {
  readonly status: number;
  readonly retryAfter: string | null;
  /** Where an accepted one is asked after. */
  readonly path: string | undefined;
}

export const overload = (options: OverloadOptions): Promise<Figures> => withProduct((product) => measure(product, options), LIMITS);

async function measure({ api, baseUrl }: Product, { seconds, senders }: OverloadOptions): Promise<Figures> {
  const { id } = await api.upload(CLIP);
  const quiet = await readingTimes(baseUrl, seconds / 4);
  const until = Date.now() + seconds * 1000;
  const sending = Promise.all(Array.from({ length: senders }, (_, k) => sendUntil(until, (n) => sendWork(baseUrl, id, n * senders + k))));
  const [busy, sent] = await Promise.all([readingTimes(baseUrl, seconds), sending.then((lists) => lists.flat())]);
  const refused = sent.filter(({ status }) => status === 429 || status === 503);
  const accepted = sent.flatMap(({ path }) => path ?? []);
  tell(`${sent.length} sent, ${accepted.length} accepted; waiting until those are done`);
  const lost = await lostOf(baseUrl, accepted);
  return {
    ...{ sent: sent.length, accepted: accepted.length, refused_share: rounded(refused.length / sent.length, 3), accepted_lost: lost },
    refused_without_retry_after: refused.filter(({ retryAfter }) => retryAfter === null).length,
    other_answers: sent.length - refused.length - accepted.length,
    ...figuresOf('quiet', quiet),
    ...figuresOf('busy', busy),
  };
}

async function sendUntil(until: number, send: (n: number) => Promise<Sent>): Promise<Sent[]> {
  const sent: Sent[] = [];
  while (Date.now() < until) sent.push(await send(sent.length));
  return sent;
}

/** Analyses and questions by turns; each question is another one, as what was asked before is answered without work. */
async function sendWork(baseUrl: string, videoId: string, n: number): Promise<Sent> {
  const [path, body] = n % 2 === 0 ? ['/v1/analyze/tasks', { video_id: videoId }] : [`/v1/videos/${videoId}/moments`, { query: `the red circle ${n} moves`, wait: 0 }];
  const response = await fetch(baseUrl + path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const { id } = (await response.json()) as { id?: string };
  return { status: response.status, retryAfter: response.headers.get('retry-after'), path: response.ok && id !== undefined ? `${path}/${id}` : undefined };
}

/** Milliseconds of each kind of reading. */
type Times = Record<(typeof READS)[number], number[]>;

async function readingTimes(baseUrl: string, seconds: number): Promise<Times> {
  const times: Times = { '/health/live': [], '/health/ready': [], '/v1/videos': [], '/v1/analyze/tasks': [] };
  for (const until = Date.now() + seconds * 1000; Date.now() < until; await pause(READ_EVERY_MS)) {
    for (const path of READS) {
      const started = performance.now();
      const response = await fetch(baseUrl + path);
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      times[path].push(performance.now() - started);
    }
  }
  return times;
}

const figuresOf = (when: string, times: Times): Figures =>
  Object.fromEntries(
    Object.entries(times).flatMap(([path, ms]) => [50, 99].map((percent) => [`${when}_p${percent}_ms ${path}`, rounded(quantile(ms, percent / 100), 1)])),
  );

/** How many of those that were accepted do not end well. */
async function lostOf(baseUrl: string, accepted: readonly string[]): Promise<number> {
  let lost = 0;
  for (const path of accepted) {
    for (;;) {
      const { status } = (await (await fetch(baseUrl + path)).json()) as { status: string };
      if (status !== 'queued' && status !== 'processing') {
        lost += Number(status !== 'ready');
        break;
      }
      await pause(DONE_EVERY_MS);
    }
  }
  return lost;
}
