// What Postgres knows of the installation, as gauges: one statement each.

export interface StateMetric {
  readonly name: string;
  readonly help: string;
  /** Columns of the statement besides `value`. */
  readonly labels: readonly string[];
  readonly sql: string;
}

/** Rows of a table by status; each status has a row, also where there is nothing. */
const byStatus = (table: string, statuses: readonly string[], where = 'true'): string => {
  const list = statuses.map((status) => `'${status}'`).join(', ');
  return `SELECT status, count(row.status)::int AS value FROM unnest(ARRAY[${list}]) AS status
            LEFT JOIN (SELECT status FROM ${table} WHERE ${where}) AS row USING (status) GROUP BY status`;
};

/** The partial indexes hold these alone; how many windows ended is a total. */
const UNFINISHED = ['queued', 'processing'];
const unfinished = `status IN ('queued', 'processing')`;

export const STATE_METRICS: readonly StateMetric[] = [
  { name: 'secondsight_videos', help: 'Videos.', labels: [], sql: `SELECT count(*)::int AS value FROM videos WHERE status = 'ready'` },
  {
    name: 'secondsight_video_seconds',
    help: 'Seconds of all videos.',
    labels: [],
    sql: `SELECT COALESCE(sum(duration), 0) AS value FROM videos WHERE status = 'ready'`,
  },
  {
    name: 'secondsight_video_bytes',
    help: 'Bytes of all videos as they were uploaded, without those whose bytes were removed.',
    labels: [],
    sql: `SELECT COALESCE(sum(bytes), 0)::float8 AS value FROM videos WHERE status = 'ready' AND content_removed_at IS NULL`,
  },
  {
    name: 'secondsight_derived_bytes',
    help: 'Bytes of what was made of videos, by kind: cuts and proxies.',
    labels: ['kind'],
    sql: `SELECT 'cuts' AS kind, COALESCE(sum(bytes), 0)::float8 AS value FROM cut_files UNION ALL SELECT 'proxies', COALESCE(sum(bytes), 0)::float8 FROM proxies`,
  },
  { name: 'secondsight_scans', help: 'Scans of videos by status.', labels: ['status'], sql: byStatus('scans', [...UNFINISHED, 'ready', 'failed']) },
  { name: 'secondsight_tasks', help: 'Analyses by status.', labels: ['status'], sql: byStatus('tasks', [...UNFINISHED, 'ready', 'failed', 'canceled']) },
  { name: 'secondsight_windows', help: 'Windows of analyses that have not ended, by status.', labels: ['status'], sql: byStatus('windows', UNFINISHED, unfinished) },
  { name: 'secondsight_open_questions', help: 'Questions that have no answer yet, by status.', labels: ['status'], sql: byStatus('moment_queries', UNFINISHED, unfinished) },
  {
    name: 'secondsight_webhook_deliveries',
    help: 'Deliveries of webhooks in the log (WEBHOOK_LOG_DAYS), by status.',
    labels: ['status'],
    sql: byStatus('webhook_deliveries', ['pending', 'delivered', 'failed']),
  },
  {
    name: 'secondsight_webhook_overdue_seconds',
    help: 'How long the next attempt of a delivery has been overdue, of the one that waits longest.',
    labels: [],
    sql: `SELECT COALESCE(extract(epoch FROM now() - min(next_attempt_at)), 0)::float8 AS value FROM webhook_deliveries
           WHERE status = 'pending' AND next_attempt_at <= now()`,
  },
  {
    name: 'secondsight_webhook_endpoints',
    help: 'Webhook endpoints by state; disabled: by the service, as it was gone or failed for days.',
    labels: ['state'],
    sql: `SELECT 'enabled' AS state, count(*)::int AS value FROM webhook_endpoints WHERE enabled
          UNION ALL SELECT 'disabled', count(*)::int FROM webhook_endpoints WHERE disabled_reason IS NOT NULL`,
  },
];
