// Fills a database with segments of many tenants and videos, as analyses would have left them.
import pg from 'pg';
import { newId } from '../../src/platform/database/id.js';
import { tell } from '../harness/report.js';
import { type Meanings } from './meanings.js';
import { dice, vocabulary, zipf } from './words.js';

export const WORDS = 20_000;
const SEGMENTS_OF_VIDEO = 200;
const VIDEO_SECONDS = 3600;
const TOLD_EVERY = 100_000;

export interface Library {
  readonly segments: number;
  readonly tenants: number;
  /** Embedder that the vectors are of. */
  readonly model: string;
  readonly seed: number;
}

export const LARGEST_TENANT = 'default';

/** The largest has half of all videos. */
export const tenantOf = (video: number, tenants: number): string =>
  tenants === 1 || video % 2 === 0 ? LARGEST_TENANT : `tenant-${1 + ((video >> 1) % (tenants - 1))}`;

/** Does nothing where the database holds as many segments already. */
export async function fill(databaseUrl: string, { segments, tenants, model, seed }: Library, meanings: Meanings): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM segments');
    if ((rows[0]?.count ?? 0) >= segments) return;
    // an index is made faster at the end than row by row
    await client.query('SET synchronous_commit = off; DROP INDEX segments_search');
    const text = texts(seed);
    for (let video = 0; video * SEGMENTS_OF_VIDEO < segments; video++) {
      await addVideo(client, tenantOf(video, tenants), Array.from({ length: SEGMENTS_OF_VIDEO }, text), { model, meanings });
      if ((video * SEGMENTS_OF_VIDEO) % TOLD_EVERY === 0) tell(`${video * SEGMENTS_OF_VIDEO} segments`);
    }
    await client.query(`SET maintenance_work_mem = '512MB'; CREATE INDEX segments_search ON segments USING gin (search)`);
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

/** Sentences of 6 to 14 words. */
function texts(seed: number): () => string {
  const words = vocabulary(WORDS);
  const roll = dice(seed);
  const draw = zipf(WORDS, roll);
  return () => Array.from({ length: 6 + Math.floor(roll() * 9) }, () => words[draw()] ?? '').join(' ');
}

async function addVideo(client: pg.Client, tenant: string, sentences: readonly string[], { model, meanings }: { model: string; meanings: Meanings }): Promise<void> {
  const [video, task] = [newId(), newId()];
  const ids = sentences.map(() => newId());
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO videos (id, tenant_id, name, bytes, sha256, storage_key, container, codec, width, height, frame_rate, time_base_num, time_base_den, stream_index,
                         start_time, duration, has_audio)
     VALUES ($1, $2, 'hour.mp4', 1, $3, $1::uuid::text, 'mp4', 'h264', 1280, 720, 25, 1, 25, 0, 0, ${VIDEO_SECONDS}, false)`,
    [video, tenant, video.replaceAll('-', '').repeat(2)],
  );
  await client.query(
    `INSERT INTO tasks (id, video_id, start_time, end_time, status, stage, finished_at, planned_until) VALUES ($1, $2, 0, ${VIDEO_SECONDS}, 'ready', 'done', now(), ${VIDEO_SECONDS})`,
    [task, video],
  );
  await client.query(
    `INSERT INTO segments (id, video_id, task_id, ordinal, start_time, end_time, type, text, confidence, source)
     SELECT id, $1, $2, place - 1, (place - 1) * 18, (place - 1) * 18 + 10, CASE WHEN place % 10 = 0 THEN 'goal' ELSE 'event' END, text, 0.5 + (place % 50) / 100.0, 'model'
       FROM unnest($3::uuid[], $4::text[]) WITH ORDINALITY AS row(id, text, place)`,
    [video, task, ids, sentences],
  );
  const vectors = sentences.map((sentence) => `{${meanings.of(sentence).join(',')}}`);
  await client.query(`INSERT INTO segment_vectors (segment_id, tenant_id, model, vector) SELECT id, $1, $2, vector::real[] FROM unnest($3::uuid[], $4::text[]) AS row(id, vector)`, [
    ...[tenant, model, ids, vectors],
  ]);
  await client.query('COMMIT');
}
