// How long a search over a million segments takes, by words and by meaning, through the API.
import { availableParallelism, loadavg } from 'node:os';
import pg from 'pg';
import { cpuOfAll } from '../../src/platform/embedded/process-cost.js';
import { withProduct } from '../harness/product.js';
import { median, quantile, rounded } from '../../src/model/metrics/statistics.js';
import { type Figures, tell } from '../harness/report.js';
import { fill, LARGEST_TENANT, tenantOf } from './fill.js';
import { Meanings, serveMeanings } from './meanings.js';
import { type Known, searchQuestions } from './questions.js';

export interface SearchOptions {
  readonly segments: number;
  readonly tenants: number;
  readonly sides: number;
  /** Of each kind and tenant that asks. */
  readonly questions: number;
  readonly seed: number;
  /** Data folder that is kept, and used again when it is full. */
  readonly folder: string | undefined;
}

interface Asked {
  readonly kind: string;
  readonly milliseconds: number;
  readonly hits: number;
  readonly lists: readonly string[];
}

interface Answer {
  readonly data: readonly { readonly found_by?: readonly { readonly list: string }[] }[];
  readonly warnings: readonly { readonly code: string }[];
}

const MODEL = 'words';
/** Until every list is there: the vectors of a tenant are read at its first question. */
const WARM_UP = 60;

export async function search(options: SearchOptions): Promise<Figures> {
  const meanings = new Meanings(options.sides);
  const embedder = await serveMeanings(meanings);
  const env = { EMBEDDINGS_URL: embedder.url, EMBEDDINGS_MODEL: MODEL, WORKER_ROLES: 'delivery', VECTOR_MEMORY_BYTES: String(4 * 1024 ** 3), LOG_LEVEL: 'warn' };
  try {
    return await withProduct(async ({ baseUrl, databaseUrl }) => {
      const started = performance.now();
      await fill(databaseUrl, { ...options, model: `http:${MODEL}` }, meanings);
      tell(`filled in ${rounded((performance.now() - started) / 1000, 1)} s`);
      const smaller = tenantOf(1, options.tenants);
      const asked: Asked[] = [];
      let cpuSeconds = 0;
      const read: Record<string, number> = {};
      for (const tenant of new Set([LARGEST_TENANT, smaller])) {
        const key = tenant === LARGEST_TENANT ? undefined : await keyOf(baseUrl, tenant);
        const ask = (body: unknown): Promise<Answer> => post<Answer>(`${baseUrl}/v1/search`, body, key);
        read[tenant] = await untilVectorsAreRead(ask);
        const questions = searchQuestions(await knownOf(databaseUrl, tenant), options.questions, options.seed);
        for (const { body } of questions.slice(0, WARM_UP)) await ask(body);
        const before = cpuOfAll();
        for (const { kind, body } of questions) asked.push(await timed(kind, () => ask(body)));
        cpuSeconds += cpuOfAll() - before;
      }
      return { ...figures(options, asked, read[LARGEST_TENANT] ?? NaN), search_cpu_ms: rounded((cpuSeconds * 1000) / asked.length, 1) };
    }, options.folder === undefined ? env : { ...env, DATA_DIR: options.folder });
  } finally {
    embedder.stop();
  }
}

async function timed(kind: string, ask: () => Promise<Answer>): Promise<Asked> {
  const started = performance.now();
  const { data } = await ask();
  const lists = data.flatMap(({ found_by }) => found_by?.map(({ list }) => list) ?? []);
  return { kind, milliseconds: performance.now() - started, hits: data.length, lists: [...new Set(lists)] };
}

function figures({ segments, tenants, sides }: SearchOptions, asked: readonly Asked[], readSeconds: number): Figures {
  const times = asked.map(({ milliseconds }) => milliseconds);
  const kinds = [...new Set(asked.map(({ kind }) => kind))].sort();
  const byKind = kinds.map((kind) => {
    const of = asked.filter((one) => one.kind === kind);
    const milliseconds = of.map((one) => one.milliseconds);
    return { kind, p50_ms: rounded(median(milliseconds), 1), p95_ms: rounded(quantile(milliseconds, 0.95), 1), without_hits: of.filter(({ hits }) => hits === 0).length };
  });
  for (const { kind, p50_ms, p95_ms, without_hits } of byKind) tell(`${kind.padEnd(14)} p50 ${p50_ms} ms, p95 ${p95_ms} ms${without_hits > 0 ? `, ${without_hits} without hits` : ''}`);
  return {
    ...{ segments, tenants, sides, searches: asked.length },
    search_p50_ms: rounded(median(times), 1),
    search_p95_ms: rounded(quantile(times, 0.95), 1),
    search_p99_ms: rounded(quantile(times, 0.99), 1),
    search_wanted_p95_ms: 50,
    with_vectors: rounded(asked.filter(({ lists }) => lists.includes('vector')).length / asked.length, 3),
    vectors_read_seconds: rounded(readSeconds, 1),
    machine_load_per_core: rounded(loadavg()[0] === undefined ? NaN : (loadavg()[0] ?? 0) / availableParallelism(), 2),
    by_kind: byKind,
  };
}

/** Seconds. */
async function untilVectorsAreRead(ask: (body: unknown) => Promise<Answer>): Promise<number> {
  const started = performance.now();
  while ((await ask({ query: 'anything' })).warnings.some(({ code }) => code === 'embeddings.index_incomplete'));
  return (performance.now() - started) / 1000;
}

async function knownOf(databaseUrl: string, tenant: string): Promise<Known> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const videos = await client.query<{ id: string; created_at: Date }>('SELECT id, created_at FROM videos WHERE tenant_id = $1 ORDER BY id', [tenant]);
    const texts = await client.query<{ text: string }>('SELECT text FROM segments WHERE tenant_id = $1 ORDER BY id LIMIT 200', [tenant]);
    const middle = videos.rows[Math.floor(videos.rows.length / 2)]?.created_at ?? new Date();
    return { videoIds: videos.rows.map(({ id }) => id), middle: middle.toISOString(), phrases: texts.rows.map(({ text }) => text.split(' ').slice(2, 4).join(' ')) };
  } finally {
    await client.end();
  }
}

async function keyOf(baseUrl: string, tenant: string): Promise<string> {
  const { key } = await post<{ key: string }>(`${baseUrl}/v1/api-keys`, { name: 'bench', tenant_id: tenant, scopes: ['videos:read'] });
  return key;
}

async function post<T>(url: string, body: unknown, key?: string): Promise<T> {
  const headers = { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

