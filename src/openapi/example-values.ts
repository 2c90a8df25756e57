// The values that examples are made of: by the name of a property, and whole bodies of requests by operation.

/** null: the example says that there is none. Names that are missing, or whose type is another one, get the plainest value of their type. */
export const VALUES: Readonly<Record<string, unknown>> = {
  ...{ name: 'lobby.mp4', tenant_id: 'default', scopes: ['videos:read'], prefix: 'ss_live_4fKq', key: 'ss_live_4fKq…', next_cursor: null, revoked_at: null },
  ...{ bytes: 48_211_456, sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', container: 'mp4', codec: 'h264', width: 1920, height: 1080 },
  ...{ frame_rate: 25, time_base: '1/12800', start_time: 12.4, end_time: 15.92, duration: 3612.48, decoded_until: 3612.48, has_audio: true, frame_times: [12.48, 13, 13.52] },
  ...{ url: 'https://example.com/lobby.mp4', received_bytes: 48_211_456, progress: 0.42, done: 101, total: 240, eta_seconds: 312.5, planned_until: 3612.48, processed_until: 1504 },
  ...{ error: null, warnings: [], failed_items: [], batch_id: null, batch_item: null, webhook_id: null, subject_id: null, error_code: null, error_message: null, finished_at: null },
  ...{ prompt: null, segment_definitions: null, response_schema: null, sampling: {}, status: 'ready', type: 'event', text: 'a person in a red jacket enters', query: 'a person enters', fields: null },
  ...{ confidence: 0.87, min_confidence: 0.5, source: 'model', answer: 'found', searched_until: 3612.48, step_seconds: 1, values: [-6.2, -1.4, 3.8], rank: 1, occurrence: 3.8, described: true },
  ...{ grounding: 0.91, retrieval: 0.048, verification: 0.97, effective_fps: 2, second_per_grid_ts: 1, frames: 32, video_grid_thw: [16, 26, 46], prompt_hash: '3f6c1a2b9d04e8f7' },
  ...{ hash: 'b1946ac92492d234', threshold: 0.35, best_rejected: null, windows_total: 240, score: 0.048, highlight: 'a <mark>person</mark> in a red jacket <mark>enters</mark>', hits_total: 3 },
  ...{ language: 'en', cues: 412, index: 3, code: 'video.not_found', message: 'There is no video of this id.', content_days: 30, video_days: null, limitation: null, label: 'person' },
  ...{ free_bytes: 120_034_123_776, reserve_bytes: 536_870_912, motion: [0.02, 0.31], loudness: [-38.5, -21], camera: ['still', 'pan'], model: 'shapeworld-1', content: 'A person enters at 12.4 s.' },
  ...{ created: 1_772_443_800, prompt_tokens: 1840, completion_tokens: 14, total_tokens: 1854, system_fingerprint: 'b1946ac92492d234', parameters: 3_754_622_976, tool_calls: [] },
  ...{ events: ['task.ready', 'task.failed'], secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', description: 'our receiver', attempts: 1, status_code: 200, response: 'ok', duration_ms: 84, number: 1 },
  ...{ disabled_reason: null, disabled_at: null, failing_since: null, paused_until: null, previous_secret_until: null, next_attempt_at: null, expires_at: null, last_used_at: null },
  ...{ payload: { type: 'webhook.ping', timestamp: '2026-03-02T09:30:00.000Z', data: {} }, video_name: 'lobby', asked: 0, answered: 12, deliveries: 4, items: 2, total_pixels: 19_267_584 },
  ...{ object: 'list', arguments: '{"name":"door"}', evidence: { windows: [{ ordinal: 4, effective_fps: 2 }] }, content_removed_at: null, logprobs: null, seen: 'now', moments_id: null, devices: ['cuda:0', 'cuda:1'] },
};

/** Of schemas whose names of properties mean something else. */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  Problem: {
    ...{ type: 'urn:secondsight:error:video.not_found', title: 'Video: not found', status: 404, code: 'video.not_found' },
    detail: 'There is no video 019cae0f-5b1e-7c40-8d1a-3f6c1a2b9d04.',
  },
};

const VIDEO = '019cae0f-5b1e-7c40-8d1a-3f6c1a2b9d04';
const RECEIVER = 'https://example.com/hooks/secondsight';

/** What may be sent. */
export const REQUESTS: Readonly<Record<string, unknown>> = {
  'post /v1/session': { key: 'ss_live_4fKq…' },
  'post /v1/api-keys': { name: 'the archive', tenant_id: 'default', scopes: ['videos:read', 'videos:write'] },
  'patch /v1/api-keys/{id}': { name: 'the old archive', expires_at: '2026-12-31T00:00:00Z' },
  'put /v1/tenants/{tenant}/retention': { content_days: 30, video_days: null },
  'post /v1/videos': { url: 'https://example.com/lobby.mp4' },
  'post /v1/analyze/tasks': { video_id: VIDEO, webhook: { url: RECEIVER, events: ['task.ready', 'task.failed'] } },
  'post /v1/analyze/batches': { items: [{ video_id: VIDEO }, { video_id: VIDEO, start_time: 600, end_time: 900, sampling: { fps: 4 } }] },
  'post /v1/videos/{id}/moments': { query: 'a person in a red jacket enters', top_k: 3 },
  'post /v1/search': { query: 'red jacket', filter: { min_confidence: 0.5 }, group_by: 'video' },
  'post /v1/chat/completions': {
    model: 'shapeworld-1',
    messages: [{ role: 'user', content: [{ type: 'video_url', video_url: { url: `secondsight://videos/${VIDEO}` }, start_time: 10, end_time: 20 }, { type: 'text', text: 'What happens?' }] }],
  },
  'post /v1/alerts': { query: 'a person falls', min_confidence: 0.7, filter: { video_name: 'stairs' } },
  'patch /v1/alerts/{id}': { enabled: false },
  'post /v1/webhooks': { url: RECEIVER, events: ['video.ready', 'task.ready'], description: 'our receiver' },
  'patch /v1/webhooks/{id}': { enabled: true },
  'post /v1/webhooks/{id}/rotate-secret': {},
  'post /v1/webhooks/{id}/redeliver': { status: 'failed', created_after: '2026-03-01T00:00:00Z' },
  'post /v1/presets': { name: 'goals', segment_definitions: [{ name: 'goal', description: 'The ball crosses the line.' }] },
  'patch /v1/presets/{id}': { name: 'goals and near misses' },
  'post /v1/videos/{id}/feedback': { question_id: VIDEO, verdict: 'wrong', start_time: 12.4, end_time: 15.9 },
  'post /v1/cuts': { clips: [{ video_id: VIDEO, start_time: 12.4, end_time: 15.9 }], files: 'one', name: 'the red jacket' },
  'post /v1/clips/export': { clips: [{ video_id: VIDEO, start_time: 12.4, end_time: 15.9 }], format: 'edl', rate: '25' },
};
