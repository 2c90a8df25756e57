// Which problems an operation may answer with, by its place and kind, so that the document can name their codes.
import type { OpenAPIObject } from '@nestjs/swagger';
import { type ErrorStatuses } from '../platform/http/problem.filter.js';
import { type Route, routesOf } from './operations.js';

type Responses = Route['operation']['responses'];
type ProblemResponse = NonNullable<Responses[string]>;

const PROBLEM = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', description: '`urn:secondsight:error:` and the code.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable, as in `video.not_found`: what a program should look at.' },
    detail: { type: 'string', description: 'What happened, to what, and what to do.' },
    errors: {
      type: 'array',
      description: 'Of request.invalid: each faulty field.',
      items: { type: 'object', required: ['path', 'message'], properties: { path: { type: 'string' }, message: { type: 'string' } } },
    },
  },
};

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds after which it may go better.', schema: { type: 'integer' as const } } };

/** Steps of a path with what is told where nothing is found there. */
const NOT_FOUND: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^\/v1\/videos\/\{id\}/, ['video.not_found']],
  [/\{questionId\}/, ['moments.not_found']],
  [/\{trackId\}/, ['track.not_found']],
  [/\{sheet\}/, ['sprite.not_found']],
  [/^\/v1\/uploads\/\{id\}/, ['upload.not_found']],
  [/^\/v1\/analyze\/tasks\/\{id\}/, ['task.not_found']],
  [/^\/v1\/analyze\/batches\/\{id\}/, ['batch.not_found']],
  [/^\/v1\/chat\/completions\/\{id\}/, ['chat.not_found']],
  [/^\/v1\/models\/\{id\}/, ['chat.model_unknown', 'chat.no_model']],
  [/^\/v1\/webhooks\/\{id\}/, ['webhook.not_found']],
  [/\{deliveryId\}/, ['webhook.delivery_not_found']],
  [/^\/v1\/alerts\/\{id\}/, ['alert.not_found']],
  [/^\/v1\/api-keys\/\{id\}/, ['key.not_found']],
  [/^\/v1\/presets\/\{id\}/, ['preset.not_found']],
  [/^\/v1\/cuts\/\{id\}/, ['cut.not_found']],
];

const STORE = ['storage.unreachable', 'storage.refused', 'storage.damaged'];
const GONE = ['video.content_missing', 'video.content_removed', ...STORE];
const FORM = ['upload.not_multipart', 'upload.malformed', 'upload.no_file', 'upload.too_many_files', 'upload.aborted'];
const UNREADABLE = [
  ...['video.empty', 'video.not_a_video', 'video.no_video_stream', 'video.unreadable', 'video.too_many_pixels', 'video.too_many_frames'],
  ...['video.took_too_long', 'video.too_much_output', 'ffmpeg.not_found', 'ffmpeg.not_runnable'],
];
const ADDRESS = ['address.refused', 'address.unresolvable', 'http.unreachable', 'http.interrupted', 'http.status', 'http.redirects', 'http.timeout', 'http.too_large'];
const ANALYSIS = ['video.not_found', 'task.range_outside_video', 'prompt.special_token', 'schema.unsupported', 'address.refused', 'preset.not_found', ...GONE];
const PRESET = ['preset.name_taken', 'prompt.special_token', 'schema.unsupported'];
const TUS = ['upload.wrong_version', 'upload.invalid_header', 'upload.gone', 'upload.busy'];
const LOOKED_AT = [
  ...['image.unreadable', 'image.too_many_pixels', 'answer.budget_too_small', 'window.empty', 'window.too_short', 'sampling.invalid_fps'],
  ...['resize.limits_reversed', 'resize.too_thin', 'resize.side_vanishes', 'video.content_missing'],
];
/** Of a server that holds the model. */
const SERVER = [
  ...['inference.server_busy', 'inference.server_failed', 'inference.server_unreachable', 'inference.server_timeout', 'inference.reply_invalid'],
  ...['inference.frames_lost', 'answer.not_in_form', 'prompt.refused'],
];
const CHAT_ENDS = [...LOOKED_AT, ...UNREADABLE, ...SERVER, 'chat.rates_differ', 'chat.too_long', 'chat.video_gone', 'chat.canceled', 'chat.timeout', 'task.gave_up'];

/** What single operations add. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  'post /v1/session': ['key.invalid', 'key.expired', 'key.revoked'],
  'get /v1/session': ['key.missing', 'key.invalid', 'key.expired', 'key.revoked'],
  'post /v1/videos': [...FORM, ...UNREADABLE, 'video.too_large', 'storage.full', ...STORE, 'address.refused', 'import.bucket_forbidden', 'upload.too_many_open'],
  'get /v1/videos/{id}/content': GONE,
  'get /v1/videos/{id}/thumbnail': [...GONE, 'video.time_outside', 'video.unreadable', 'video.took_too_long', 'ffmpeg.not_found', 'ffmpeg.not_runnable'],
  'get /v1/videos/{id}/frames': ['video.content_missing', ...STORE, 'storage.full', ...UNREADABLE],
  'get /v1/videos/{id}/sprites/{sheet}': ['sprite.content_missing', ...STORE],
  'get /v1/videos/{id}/segments': ['export.invalid_timecode'],
  'get /v1/videos/{id}/moments/{questionId}': ['export.invalid_timecode', 'moments.not_answered'],
  'post /v1/uploads': [...TUS, 'video.too_large', 'storage.full', 'upload.too_many_open', 'upload.unsupported', 'quota.stored_bytes'],
  'head /v1/uploads/{id}': TUS,
  'patch /v1/uploads/{id}': [
    ...[...TUS, ...UNREADABLE, 'upload.wrong_type', 'upload.offset_conflict', 'upload.too_many_bytes', 'upload.checksum_mismatch', 'upload.unsupported'],
    ...['upload.finished', 'video.too_large', 'storage.full', ...STORE, 'quota.stored_bytes', 'quota.video_hours'],
  ],
  'delete /v1/uploads/{id}': [...TUS, 'upload.finished'],
  'post /v1/uploads/{id}/cancel': ['upload.finished'],
  'post /v1/videos/{id}/tracks': [...FORM, 'track.too_large', 'captions.not_captions', 'captions.too_long'],
  'post /v1/analyze/tasks': ANALYSIS,
  'get /v1/analyze/tasks/{id}/compare': ['comparison.other_video', 'comparison.too_large'],
  'post /v1/presets': [...PRESET, 'preset.too_many'],
  'patch /v1/presets/{id}': [...PRESET, 'preset.changed_meanwhile'],
  'delete /v1/presets/{id}': ['preset.changed_meanwhile'],
  'post /v1/analyze/tasks/{id}/cancel': ['task.already_finished'],
  'post /v1/analyze/batches': ['address.refused'],
  'post /v1/analyze/batches/{id}/cancel': ['batch.already_completed'],
  'post /v1/videos/{id}/moments': [...GONE, 'moments.range_outside_video', 'prompt.special_token'],
  'post /v1/videos/{id}/moments/{questionId}/cancel': ['moments.already_finished'],
  'post /v1/search': ['request.invalid_cursor', 'search.image_invalid', 'search.image_too_large', 'search.form_malformed', 'search.too_slow', 'prompt.special_token'],
  'post /v1/chat/completions': [
    ...[...CHAT_ENDS, ...ADDRESS, 'chat.model_unknown', 'chat.no_model', 'chat.not_a_data_url', 'chat.medium_too_large', 'chat.range_outside_video'],
    ...['chat.arguments_not_json', 'chat.grounding_ambiguous', 'chat.restarted', 'chat.interrupted', 'prompt.special_token', 'schema.unsupported'],
    ...['storage.full', ...STORE, 'video.not_found', 'quota.stored_bytes'],
  ],
  'get /v1/chat/completions/{id}': [...CHAT_ENDS, 'chat.unfinished'],
  'post /v1/alerts': ['alert.too_many', 'prompt.special_token'],
  'patch /v1/alerts/{id}': ['prompt.special_token'],
  'post /v1/webhooks': ['webhook.too_many', 'webhook.exists', 'address.refused'],
  'patch /v1/webhooks/{id}': ['address.refused'],
  'post /v1/webhooks/{id}/rotate-secret': ['webhook.rotated_meanwhile'],
  'post /v1/webhooks/{id}/ping': ['webhook.disabled'],
  'post /v1/webhooks/{id}/deliveries/{deliveryId}/redeliver': ['webhook.disabled'],
  'post /v1/webhooks/{id}/redeliver': ['webhook.disabled'],
  'post /v1/videos/{id}/feedback': ['feedback.no_such_answer', 'feedback.range_outside_video'],
  'post /v1/cuts': ['video.not_found', 'clip.range_outside_video', 'cut.too_long', 'cut.too_many_open', 'quota.stored_bytes', ...GONE],
  'get /v1/cuts/{id}/content': ['cut.not_ready', 'cut.file_not_found', 'storage.not_found', ...STORE],
  'post /v1/cuts/{id}/cancel': ['cut.finished'],
  'delete /v1/cuts/{id}': STORE,
  'post /v1/videos/{id}/proxy': GONE,
  'get /v1/videos/{id}/proxy': ['proxy.not_found'],
  'get /v1/videos/{id}/proxy/content': ['proxy.not_found', 'proxy.not_ready', 'storage.not_found', ...STORE],
  'post /v1/clips/export': ['video.not_found', 'clip.range_outside_video', 'export.invalid_timecode'],
};

const WORK: Readonly<Record<string, readonly string[]>> = {
  question: ['overload.questions_waiting'],
  search: ['overload.searches_running', 'overload.questions_waiting'],
  video: ['overload.scans_waiting', 'quota.stored_bytes', 'quota.video_hours'],
  task: ['overload.tasks_waiting', 'overload.disk_full', 'quota.concurrent_tasks'],
};

/** Codes that an operation may answer with, those that any may (`database.unavailable`) included. */
function codesOf({ path, method, operation }: Route): Set<string> {
  const extensions = operation as unknown as Readonly<Record<string, unknown>>;
  const parameters = (operation.parameters ?? []).flatMap((parameter) => ('name' in parameter ? [parameter] : []));
  const codes = new Set<string>(NOT_FOUND.flatMap(([place, nouns]) => (place.test(path) ? nouns : [])));
  const add = (when: boolean, ...more: readonly string[]): void => more.forEach((code) => when && codes.add(code));
  add(extensions['x-scope'] !== 'public', 'key.missing', 'key.invalid', 'key.expired', 'key.revoked', 'key.scope_missing', 'quota.requests');
  add(parameters.length > 0 || operation.requestBody !== undefined, 'request.invalid', 'request.malformed');
  add(parameters.some(({ name }) => name === 'cursor'), 'request.invalid_cursor');
  add(operation.requestBody !== undefined, 'request.nested_too_deep', 'request.body_too_large', 'request.too_many_values', 'request.unsupported_media_type');
  add(!['get', 'head', 'options'].includes(method), 'request.cross_site');
  add(method === 'post', 'idempotency.key_invalid', 'idempotency.key_reused', 'idempotency.in_progress');
  add(true, ...(WORK[String(extensions['x-adds-work'])] ?? []), ...(OWN[`${method} ${path}`] ?? []));
  add(path.startsWith('/v1/') && method !== 'options', 'database.unavailable', 'request.invalid');
  return codes;
}

/** Adds to every operation, in place, one response for each status that its problems have, with their codes, and a default one. */
export function documentProblems(document: OpenAPIObject, statuses: ErrorStatuses): void {
  const shared = new SharedResponses();
  for (const route of routesOf(document)) {
    const { responses } = route.operation;
    for (const [status, codes] of byStatus(codesOf(route), statuses)) {
      if (!(status in responses)) shared.use(responses, status, problemResponse(Number(status), codes, route.method === 'head'));
    }
    responses['default'] = { $ref: '#/components/responses/Problem' };
  }
  const anyProblem = { description: PROBLEM.description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
  const { components = {} } = document;
  document.components = { ...components, schemas: { ...components.schemas, Problem: PROBLEM }, responses: { ...shared.named(), Problem: anyProblem } };
}

function byStatus(codes: Iterable<string>, statuses: ErrorStatuses): [string, string[]][] {
  const groups: Record<string, string[]> = {};
  for (const code of [...codes].sort()) {
    const status = statuses[code];
    if (status === undefined) throw new Error(`${code} has no status`);
    (groups[status] ??= []).push(code);
  }
  return Object.entries(groups);
}

function problemResponse(status: number, codes: readonly string[], isBodiless: boolean): ProblemResponse {
  const description = codes.map((code) => `\`${code}\``).join(', ');
  const headers = status === 429 || status === 503 ? { headers: RETRY_AFTER } : {};
  if (isBodiless) return { description, ...headers };
  const schema = { allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', properties: { code: { type: 'string', enum: [...codes] } } }] };
  return { description, ...headers, content: { 'application/problem+json': { schema } } };
}

/** The same responses of many operations: for each status the one that is used most has a name, so that it is written once. */
class SharedResponses {
  private readonly uses = new Map<string, { status: string; response: ProblemResponse; of: Responses[] }>();

  use(responses: Responses, status: string, response: ProblemResponse): void {
    const key = status + JSON.stringify(response);
    const known = this.uses.get(key) ?? { status, response, of: [] };
    known.of.push(responses);
    this.uses.set(key, known);
    responses[status] = response;
  }

  /** Puts a reference in their place. */
  named(): Record<string, ProblemResponse> {
    const named: Record<string, ProblemResponse> = {};
    for (const { status, response, of } of [...this.uses.values()].sort((a, b) => b.of.length - a.of.length)) {
      const name = `Problem${status}`;
      if (of.length < 2 || name in named) continue;
      named[name] = response;
      for (const responses of of) responses[status] = { $ref: `#/components/responses/${name}` };
    }
    return named;
  }
}
