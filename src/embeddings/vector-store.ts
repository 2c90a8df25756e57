// Vectors of segments and of pictures in Postgres, and which of them are missing.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { holdVideo } from '../videos/index.js';

export interface SegmentText {
  readonly id: string;
  readonly text: string;
}

/** A scanned chunk whose pictures have no vectors yet. */
export interface ChunkWithoutVectors {
  readonly ordinal: number;
  readonly startTime: number; // a whole second
  readonly endTime: number;
  readonly spriteKey: string;
  readonly sprite: { readonly columns: number; readonly tileWidth: number; readonly tileHeight: number; readonly times: readonly number[] };
}

/** A picture that stands for the seconds from `second` to `until`. */
export interface PictureVector {
  readonly second: number;
  readonly until: number;
  readonly vector: Float32Array; // empty: there is none, and none will be
}

/** Advisory lock of a video whose vectors are being made, the first of its two numbers. */
const EMBED_LOCK = 7_316_002;

/** Comes before every id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Segments that are searched by meaning: what was said of the video or in it, not what was measured. */
const WITHOUT_VECTOR = `
  FROM segments s JOIN videos v ON v.id = s.video_id AND v.status = 'ready'
  LEFT JOIN segment_vectors e ON e.segment_id = s.id AND e.model = $1
 WHERE e.segment_id IS NULL AND s.source <> 'signal' AND s.text ~ '[^[:space:]]'
   AND (s.task_id IS NULL OR s.task_id = v.current_task_id)`;

const CHUNKS_WITHOUT_VECTORS = `
  FROM scan_chunks c JOIN videos v ON v.id = c.video_id AND v.status = 'ready'
 WHERE c.status = 'ready' AND c.sprite_key IS NOT NULL AND jsonb_array_length(c.sprite -> 'times') > 0
   AND NOT EXISTS (SELECT 1 FROM frame_vectors f
                    WHERE f.video_id = c.video_id AND f.model = $1 AND f.second >= floor(c.start_time) AND f.second < c.end_time)`;

@Injectable()
export class VectorStore {
  /** What `alone` runs now: one at a time, as each holds a connection. */
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly dataSource: DataSource) {}

  /** Does the work unless another worker does it for this video now. */
  alone(videoId: string, work: () => Promise<void>): Promise<void> {
    const mine = this.running.then(() => this.locked(videoId, work));
    this.running = mine.catch(() => undefined);
    return mine;
  }

  /** Segments of the video that have no vector of this embedder. */
  textsWithout(model: string, videoId: string, limit: number): Promise<SegmentText[]> {
    return this.dataSource.query<SegmentText[]>(`SELECT s.id, s.text ${WITHOUT_VECTOR} AND s.video_id = $2 ORDER BY s.id LIMIT $3`, [model, videoId, limit]);
  }

  chunksWithout(model: string, videoId: string): Promise<ChunkWithoutVectors[]> {
    return this.dataSource.query<ChunkWithoutVectors[]>(
      `SELECT c.ordinal, c.start_time AS "startTime", c.end_time AS "endTime", c.sprite_key AS "spriteKey", c.sprite ${CHUNKS_WITHOUT_VECTORS} AND c.video_id = $2 ORDER BY c.ordinal`,
      [model, videoId],
    );
  }

  /** Videos that lack vectors of either embedder, in order of their ids, those behind `after` first; of segments those alone whose ids come behind `since`. */
  async videosWithout(
    { texts, pictures }: { texts: string | undefined; pictures: string | undefined },
    { limit, after = FIRST_ID, since = FIRST_ID }: { limit: number; after?: string | undefined; since?: string },
  ): Promise<string[]> {
    const queries = [
      ...(texts === undefined ? [] : [{ sql: `SELECT DISTINCT s.video_id AS id ${WITHOUT_VECTOR} AND s.id > $4::uuid`, values: [texts, limit, after, since] }]),
      ...(pictures === undefined ? [] : [{ sql: `SELECT DISTINCT c.video_id AS id ${CHUNKS_WITHOUT_VECTORS}`, values: [pictures, limit, after] }]),
    ];
    const found = new Set<string>();
    for (const { sql, values } of queries) {
      const inTurn = `SELECT id FROM (${sql}) AS lacking ORDER BY id <= $3::uuid, id LIMIT $2`;
      for (const { id } of await this.dataSource.query<{ id: string }[]>(inTurn, values)) found.add(id);
    }
    return [...found].sort((a, b) => Number(a <= after) - Number(b <= after) || (a < b ? -1 : 1)).slice(0, limit);
  }

  /** Segments that are gone by now are left out. */
  async storeTexts(model: string, videoId: string, rows: readonly { readonly id: string; readonly vector: Float32Array }[]): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await holdVideo(manager, videoId);
      await manager.query(
        `INSERT INTO segment_vectors (segment_id, tenant_id, model, vector)
         SELECT s.id, s.tenant_id, $1, r.vector FROM jsonb_to_recordset($2::jsonb) AS r(id uuid, vector real[]) JOIN segments s USING (id) ORDER BY s.id FOR KEY SHARE OF s
         ON CONFLICT (segment_id) DO UPDATE SET model = excluded.model, vector = excluded.vector, written = excluded.written`,
        [model, JSON.stringify(rows.map(({ id, vector }) => ({ id, vector: [...vector] })))],
      );
    });
  }

  /** Nothing is stored of a video that is gone by now. */
  async storeSeconds(model: string, videoId: string, rows: readonly PictureVector[]): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await holdVideo(manager, videoId);
      await manager.query(
        `INSERT INTO frame_vectors (video_id, second, until, model, vector)
         SELECT v.id, r.second, r.until, $1, r.vector FROM videos v, jsonb_to_recordset($3::jsonb) AS r(second int, until int, vector real[]) WHERE v.id = $2
         ON CONFLICT (video_id, second) DO UPDATE SET until = excluded.until, model = excluded.model, vector = excluded.vector`,
        [model, videoId, JSON.stringify(rows.map((row) => ({ ...row, vector: [...row.vector] })))],
      );
    });
  }

  private async locked(videoId: string, work: () => Promise<void>): Promise<void> {
    const session = this.dataSource.createQueryRunner();
    try {
      const [lock] = (await session.query('SELECT pg_try_advisory_lock($1, hashtext($2)) AS held', [EMBED_LOCK, videoId])) as { held: boolean }[];
      if (!lock?.held) return;
      try {
        await work();
      } finally {
        await session.query('SELECT pg_advisory_unlock($1, hashtext($2))', [EMBED_LOCK, videoId]); // fails only with the session, and so with the lock
      }
    } finally {
      await session.release();
    }
  }
}
