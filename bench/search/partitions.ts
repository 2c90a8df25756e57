// Whether segments should lie in partitions: the plans and times of what the product asks, on one table and on the same rows in sixteen, and
// the plans once more with the planner told that there are fifty times as many.
import pg from 'pg';
import { withProduct } from '../harness/product.js';
import { median, rounded } from '../../src/model/metrics/statistics.js';
import { type Figures, tell } from '../harness/report.js';
import { LARGEST_TENANT } from './fill.js';

const PARTITIONS = 16;
const TIMES = 15;
const TOLD_ROWS = 50_000_000;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Total Cost': number;
  readonly 'Plan Rows': number;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** `folder` holds what `search --folder` has filled. */
export async function partitions(folder: string): Promise<Figures> {
  return withProduct(
    async ({ databaseUrl }) => {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      try {
        tell('copying into partitions');
        await copy(client);
        const queries = await questions(client);
        const compared = [];
        for (const [name, sql] of Object.entries(queries)) {
          const [one, many] = [await measure(client, sql('segments')), await measure(client, sql('divided'))];
          compared.push({ query: name, one_table_ms: one.ms, partitions_ms: many.ms, one_table_plan: one.plan, partitions_plan: many.plan });
          tell(`${name}: ${one.ms} ms in one table (${one.plan}), ${many.ms} ms in ${PARTITIONS} partitions (${many.plan})`);
        }
        const told = await withTold(client, async () => {
          const plans = [];
          for (const [name, sql] of Object.entries(queries)) plans.push({ query: name, plan: shape(await explain(client, sql('segments'))) });
          return plans;
        });
        for (const { query, plan } of told) tell(`told of ${TOLD_ROWS} rows, ${query}: ${plan}`);
        return { rows: await countOf(client), partitions: PARTITIONS, compared, told_rows: TOLD_ROWS, told };
      } finally {
        await client.query('DROP TABLE IF EXISTS divided').catch(() => undefined);
        await client.end();
      }
    },
    { DATA_DIR: folder, WORKER_ROLES: 'delivery', LOG_LEVEL: 'warn' },
  );
}

async function copy(client: pg.Client): Promise<void> {
  await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; DROP TABLE IF EXISTS divided;
    CREATE TABLE divided (LIKE segments INCLUDING DEFAULTS) PARTITION BY HASH (tenant_id)`);
  for (let k = 0; k < PARTITIONS; k++) await client.query(`CREATE TABLE divided_${k} PARTITION OF divided FOR VALUES WITH (MODULUS ${PARTITIONS}, REMAINDER ${k})`);
  await client.query('INSERT INTO divided SELECT * FROM segments');
  await client.query('CREATE INDEX ON divided (tenant_id, id); CREATE INDEX ON divided (video_id, start_time, id); CREATE INDEX ON divided USING gin (search); ANALYZE divided');
}

/** The product's own (src/search/candidates.ts, src/segments/segments.service.ts), each of one tenant or video. */
async function questions(client: pg.Client): Promise<Readonly<Record<string, (table: string) => string>>> {
  const { rows } = await client.query<{ id: string; word: string }>(
    `SELECT video_id AS id, quote_literal(split_part(text, ' ', 4)) AS word FROM segments WHERE tenant_id = $1 ORDER BY id LIMIT 1`,
    [LARGEST_TENANT],
  );
  const { id = '', word = '' } = rows[0] ?? {};
  const rare = await client.query<{ word: string }>(`SELECT split_part(text, ' ', 2) AS word FROM segments WHERE NOT search @@ ${word}::tsquery ORDER BY id DESC LIMIT 1`);
  const newest = (table: string): string => `SELECT id, video_id, search FROM ${table} WHERE tenant_id = '${LARGEST_TENANT}' ORDER BY id DESC LIMIT 30000`;
  return {
    frequent_word_among_the_newest: (table) => `SELECT id FROM (${newest(table)}) newest WHERE search @@ ${word}::tsquery LIMIT 1000`,
    rare_word: (table) => `SELECT id FROM ${table} WHERE tenant_id = '${LARGEST_TENANT}' AND search @@ to_tsquery('simple', '${rare.rows[0]?.word ?? ''}xq')`,
    page_of_a_video: (table) => `SELECT id FROM ${table} WHERE video_id = '${id}' ORDER BY start_time, id LIMIT 101`,
  };
}

async function measure(client: pg.Client, sql: string): Promise<{ ms: number; plan: string }> {
  const times: number[] = [];
  for (let k = 0; k < TIMES; k++) {
    const started = performance.now();
    await client.query(sql);
    times.push(performance.now() - started);
  }
  return { ms: rounded(median(times), 2), plan: shape(await explain(client, sql)) };
}

async function explain(client: pg.Client, sql: string): Promise<Plan> {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (FORMAT JSON) ${sql}`);
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  if (!plan) throw new Error('Postgres explains nothing.');
  return plan;
}

/** `Limit > Index Scan segments_newest, cost 1234` */
function shape(plan: Plan): string {
  const nodes: string[] = [];
  for (let node: Plan | undefined = plan; node; node = node.Plans?.[0]) {
    const parts = (node.Plans?.length ?? 1) > 1 ? ` of ${node.Plans?.length}` : '';
    nodes.push(`${node['Node Type']}${parts}${node['Index Name'] === undefined ? '' : ` ${node['Index Name']}`}`);
  }
  return `${nodes.join(' > ')}, cost ${Math.round(plan['Total Cost'])}`;
}

const countOf = async (client: pg.Client): Promise<number> => (await client.query<{ count: number }>('SELECT count(*)::int AS count FROM segments')).rows[0]?.count ?? 0;

/** By Postgres' own means (18 and newer); how large the files are it sees for itself, so that rows are told and pages are not. */
async function withTold<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  const tell = (table: string): string =>
    `SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', '${table}', 'relpages', (pg_relation_size('${table}') / 8192)::integer, 'reltuples', ${TOLD_ROWS}::real)`;
  await client.query('BEGIN');
  try {
    for (const table of ['segments', 'segments_newest', 'segments_search', 'segments_in_order']) await client.query(tell(table));
    return await work();
  } finally {
    await client.query('ROLLBACK');
  }
}
