// Gives a video as many segments as a bench wants, all of them short, past the API.
import pg from 'pg';

/** In place of those it had. */
export async function fillVideo(databaseUrl: string, videoId: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('DELETE FROM segments WHERE video_id = $1', [videoId]);
    await client.query(
      `INSERT INTO segments (id, video_id, task_id, ordinal, window_ordinal, start_time, end_time, type, text, confidence, source, evidence)
       SELECT gen_random_uuid(), $1, NULL, n, NULL, duration * n / $2::float8, duration * (n + 0.8) / $2::float8,
              (ARRAY['event', 'speech', 'shot', 'goal', 'interview'])[1 + n % 5], 'Segment number ' || n || ', somebody says something about it', NULL, 'signal', '{}'
         FROM generate_series(0, $2::int - 1) AS n, (SELECT duration FROM videos WHERE id = $1) AS video`,
      [videoId, count],
    );
    await client.query('ANALYZE segments');
  } finally {
    await client.end();
  }
}
