// How many requests a second the API answers for the segments of an hour, beside the bare query; and how it answers while a worker is at full load.
import pg from 'pg';
import { Pool } from 'undici';
import { newId } from '../../src/platform/database/id.js';
import { hourScene } from '../hour/hour-scene.js';
import { rendered } from '../hour/hour.js';
import { type Product, withFolder, withProduct } from '../harness/product.js';
import { median, quantile, rounded } from '../../src/model/metrics/statistics.js';
import { type Figures, tell } from '../harness/report.js';

export interface ApiOptions {
  readonly rounds: number;
  readonly minutes: number;
  readonly seed: number;
  readonly folder: string | undefined;
}

const SEGMENTS = 600;
const PAGE = 100;
const AT_A_TIME = 8;
const ROUND_MS = 3000;

/** What the API asks for a page, and nothing around it. */
const QUERY = `SELECT * FROM segments WHERE video_id = $1 AND (task_id IS NULL OR task_id = $2) ORDER BY start_time, id LIMIT ${PAGE + 1}`;

export async function api(options: ApiOptions): Promise<Figures> {
  return withProduct(async (product) => {
    const { video, task } = await addHour(product.databaseUrl);
    const http = new Pool(product.baseUrl, { connections: AT_A_TIME });
    const database = new pg.Pool({ connectionString: product.databaseUrl, max: AT_A_TIME });
    try {
      const ask = async (): Promise<void> => {
        const { statusCode, body } = await http.request({ method: 'GET', path: `/v1/videos/${video}/segments?limit=${PAGE}` });
        const { data } = (await body.json()) as { data: unknown[] };
        if (statusCode !== 200 || data.length !== PAGE) throw new Error(`The API answered ${statusCode} with ${data.length} segments.`);
      };
      const query = async (): Promise<void> => void (await database.query(QUERY, [video, task]));
      const [requests, queries]: [number[][], number[][]] = [[], []];
      for (let round = 0; round <= options.rounds; round++) {
        const both = [await during(ROUND_MS, ask), await during(ROUND_MS, query)] as const;
        if (round === 0) continue; // the first warms up
        requests.push(both[0]);
        queries.push(both[1]);
        tell(`${perSecond(both[0])} requests and ${perSecond(both[1])} queries a second`);
      }
      const busy = await whileAnalysing(product, options, ask);
      const ratios = requests.map((times, k) => times.length / (queries[k]?.length ?? NaN));
      return {
        api_requests_per_second: median(requests.map(perSecond)),
        api_queries_per_second: median(queries.map(perSecond)),
        api_ratio: rounded(median(ratios), 3),
        api_ratio_least: rounded(Math.min(...ratios), 3),
        api_ratio_most: rounded(Math.max(...ratios), 3),
        api_wanted_ratio: 0.5,
        api_p99_ms_idle: rounded(quantile(requests.flat(), 0.99), 1),
        api_p99_ms_busy: rounded(quantile(busy, 0.99), 1),
        api_requests_per_second_busy: perSecond(busy),
      };
    } finally {
      await http.close();
      await database.end();
    }
  });
}

const perSecond = (times: readonly number[]): number => Math.round((times.length * 1000) / ROUND_MS);

/** Milliseconds of each call of as many as there is time for, some at a time. */
async function during(milliseconds: number, call: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  const until = performance.now() + milliseconds;
  const one = async (): Promise<void> => {
    for (let started = performance.now(); started < until; started = performance.now()) {
      await call();
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, one));
  return times;
}

async function whileAnalysing({ api: client }: Product, { minutes, seed, folder }: ApiOptions, call: () => Promise<void>): Promise<number[]> {
  return withFolder(folder, async (made) => {
    const file = await rendered(hourScene({ seed, minutes }), made, { seed, minutes, uneven: false });
    const uploaded = await client.upload(file);
    const analysis = client.follow(await client.analyze(uploaded.id));
    const times = await during(ROUND_MS, call);
    await analysis;
    return times;
  });
}

async function addHour(databaseUrl: string): Promise<{ video: string; task: string }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const [video, task] = [newId(), newId()];
  const evidence = { model: { name: 'm', hash: '0123456789abcdef' }, windows: [{ ordinal: 1, start_time: 0, end_time: 30, effective_fps: 2, second_per_grid_ts: 1, frame_times: [1, 1.5, 2, 2.5, 3, 3.5], prompt_hash: '00112233' }] };
  try {
    await client.query(
      `INSERT INTO videos (id, name, bytes, sha256, storage_key, container, codec, width, height, frame_rate, time_base_num, time_base_den, stream_index, start_time, duration, has_audio)
       VALUES ($1, 'hour.mp4', 1, $2, $1::uuid::text, 'mp4', 'h264', 1280, 720, 25, 1, 25, 0, 0, 3600, false)`,
      [video, video.replaceAll('-', '').repeat(2)],
    );
    await client.query(`INSERT INTO tasks (id, video_id, start_time, end_time, status, stage, finished_at, planned_until) VALUES ($1, $2, 0, 3600, 'ready', 'done', now(), 3600)`, [task, video]);
    await client.query(
      `INSERT INTO segments (id, video_id, task_id, ordinal, start_time, end_time, type, text, confidence, source, evidence)
       SELECT id, $1, $2, place, place * 6, place * 6 + 5, 'event', 'The red circle moves to the left, and a blue square comes in behind it.', 0.8, 'model', $4 FROM unnest($3::uuid[]) WITH ORDINALITY AS row(id, place)`,
      [video, task, Array.from({ length: SEGMENTS }, () => newId()), JSON.stringify(evidence)],
    );
  } finally {
    await client.end();
  }
  return { video, task };
}
