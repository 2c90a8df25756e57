// What a reader should know of the models behind what a search shows.
import type { DataSource } from 'typeorm';
import { type Grounded, type Hit, type SearchResource } from './search.schema.js';

/** As it was told with the analyses that wrote the hits, and with the questions that were put to videos; each once. */
export async function toldWarnings(dataSource: DataSource, hits: readonly Hit[], grounded: Grounded | null): Promise<SearchResource['warnings']> {
  const tasks = hits.flatMap(({ source, task_id }) => (source === 'model' ? (task_id ?? []) : []));
  const questions = grounded?.videos.flatMap(({ moments_id }) => moments_id ?? []) ?? [];
  if (tasks.length + questions.length === 0) return [];
  return dataSource.query<SearchResource['warnings']>(
    `SELECT DISTINCT warning ->> 'code' AS code, warning ->> 'message' AS message
       FROM (SELECT warnings FROM tasks WHERE id = ANY ($1::uuid[]) UNION ALL SELECT warnings FROM moment_queries WHERE id = ANY ($2::uuid[])) told
      CROSS JOIN jsonb_array_elements(warnings) AS warning
      WHERE warning ->> 'code' LIKE 'model.%' ORDER BY code, message`,
    [tasks, questions],
  );
}
