// What receivers are told: the types of messages with the data of each; thin, with the path under which the rest is read.

export const EVENT_TYPES = [
  ...(['video.ready', 'task.progress', 'task.ready', 'task.failed', 'task.canceled'] as const),
  ...(['segment.created', 'batch.completed', 'alert.matched', 'webhook.ping'] as const),
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

interface OfTask {
  readonly task_id: string;
  readonly video_id: string;
}

interface Problem {
  readonly code: string;
  readonly message: string;
}

export interface ToldSegment {
  readonly type: string;
  readonly start_time: number;
  readonly end_time: number;
  readonly text: string;
  readonly confidence: number | null;
}

interface EventData {
  'video.ready': { readonly video_id: string; readonly name: string; readonly duration: number };
  'task.progress': OfTask & { readonly windows: { readonly done: number; readonly total: number }; readonly processed_until: number | null };
  'task.ready': OfTask & { readonly segments: number };
  'task.failed': OfTask & { readonly error: Problem };
  'task.canceled': OfTask;
  /** What one window showed, before the windows are merged. */
  'segment.created': OfTask & {
    readonly window: { readonly start_time: number; readonly end_time: number };
    readonly segments: readonly ToldSegment[];
    /** Those that are left out, as they would make the message too long. */
    readonly segments_left_out: number;
  };
  'batch.completed': { readonly batch_id: string; readonly items: Readonly<Record<string, number>> };
  'alert.matched': {
    readonly alert_id: string;
    readonly match_id: string;
    readonly video_id: string;
    readonly query: string;
    readonly moment: { readonly start_time: number; readonly end_time: number; readonly confidence: number };
  };
  'webhook.ping': { readonly webhook_id: string };
}

/** One thing that happened, with whose it is and where it is read about. */
export type WebhookEvent = {
  [Type in EventType]: {
    readonly type: Type;
    readonly data: EventData[Type];
    /** Path of what it is about, below the address of the API. */
    readonly url: string;
    /** The tenant, or the video whose tenant is told; a message goes with its video. */
    readonly of: { readonly tenantId: string } | { readonly videoId: string };
    /** The task or batch that an endpoint may be bound to. */
    readonly subjectId?: string;
  };
}[EventType];

/** Longer texts are cut: the rest is read under the path. Thus a message stays below the 20 kB of the standard. */
const MOST_TEXT = 1000;
const SEGMENT_BYTES = 12 * 1024;

const cutTexts = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.length > MOST_TEXT ? `${[...value.slice(0, MOST_TEXT)].slice(0, -1).join('')}…` : value;

/** As it is sent, and sent again: the same bytes each time. */
export const bodyOf = ({ type, data, url }: WebhookEvent, at: Date): string =>
  JSON.stringify({ type, timestamp: at.toISOString(), data: { ...data, url } }, cutTexts);

/** As many of the first segments as a message has room for. */
export function segmentsThatFit(segments: readonly ToldSegment[]): { segments: ToldSegment[]; segments_left_out: number } {
  let bytes = 0;
  const rest = segments.findIndex((segment) => (bytes += Buffer.byteLength(JSON.stringify(segment, cutTexts))) > SEGMENT_BYTES);
  const kept = (rest < 0 ? segments : segments.slice(0, rest)).map(({ type, start_time, end_time, text, confidence }) => ({ type, start_time, end_time, text, confidence }));
  return { segments: kept, segments_left_out: segments.length - kept.length };
}
