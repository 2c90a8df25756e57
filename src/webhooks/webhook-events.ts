// What receivers are told: the types of messages with the data of each; thin, with the path under which the rest is read.
import { z } from 'zod';

export const EVENT_TYPES = [
  ...(['video.ready', 'task.progress', 'task.ready', 'task.failed', 'task.canceled'] as const),
  ...(['segment.created', 'batch.completed', 'alert.matched', 'webhook.ping'] as const),
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

const ofTask = z.object({ task_id: z.uuid(), video_id: z.uuid() });
const count = z.number().int();

const toldSegment = z.object({ type: z.string(), start_time: z.number(), end_time: z.number(), text: z.string(), confidence: z.number().nullable() });
export type ToldSegment = Readonly<z.infer<typeof toldSegment>>;

/** What a message of each type says, besides the path under which the rest is read. */
export const EVENT_DATA = {
  'video.ready': z.object({ video_id: z.uuid(), name: z.string(), duration: z.number() }),
  'task.progress': ofTask.extend({ windows: z.object({ done: count, total: count }), processed_until: z.number().nullable() }),
  'task.ready': ofTask.extend({ segments: count.describe('How many.') }),
  'task.failed': ofTask.extend({ error: z.object({ code: z.string(), message: z.string() }) }),
  'task.canceled': ofTask,
  'segment.created': ofTask
    .extend({
      window: z.object({ start_time: z.number(), end_time: z.number() }),
      segments: z.array(toldSegment),
      segments_left_out: count.describe('Those that would make the message too long.'),
    })
    .describe('What one window showed, before the windows are merged.'),
  'batch.completed': z.object({ batch_id: z.uuid(), items: z.record(z.string(), count).describe('How many ended how.') }),
  'alert.matched': z.object({
    alert_id: z.uuid(),
    match_id: z.uuid(),
    video_id: z.uuid(),
    query: z.string(),
    moment: z.object({ start_time: z.number(), end_time: z.number(), confidence: z.number() }),
  }),
  'webhook.ping': z.object({ webhook_id: z.uuid() }),
} as const satisfies Record<EventType, z.ZodType>;

/** One thing that happened, with whose it is and where it is read about. */
export type WebhookEvent = {
  [Type in EventType]: {
    readonly type: Type;
    readonly data: z.infer<(typeof EVENT_DATA)[Type]>;
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
