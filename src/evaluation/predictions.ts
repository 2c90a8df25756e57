// Answers to the questions of a data set, as the field writes them: one JSON object a line; what only we know stands under `secondsight`.
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { type ScoredRange, type TimeRange } from '../model/grounding/time-range.js';
import { type DescribedEvent } from '../model/metrics/dense-events.js';
import { questionId } from './readers/question-schema.js';
import { invalid, parseLines, readText } from './readers/rows.js';

export interface Prediction {
  readonly qid: string;
  readonly query?: string | undefined;
  readonly vid?: string | undefined;
  /** Best first; none: "not in this video", or no answer. */
  readonly moments: readonly ScoredRange[];
  /** One number for each two-second clip. */
  readonly saliency?: readonly number[] | undefined;
  /** The best candidate, believed or not. */
  readonly candidate: TimeRange | undefined;
  /** How sure of it, 0 to 1; null where nobody says. */
  readonly confidence: number | null;
  /** Answers of the model that could not be read. */
  readonly unparsed: number;
  /** Code of the error that took the place of an answer. */
  readonly error?: string | undefined;
  /** From question to answer. */
  readonly seconds?: number | undefined;
}

/** What was found in a video without being asked for anything in particular. */
export interface PredictedEvents {
  readonly vid: string;
  readonly events: readonly DescribedEvent[];
  readonly unparsed: number;
  /** Length of the video as it was measured. */
  readonly videoSeconds?: number | undefined;
  /** Tokens that its pictures became, over all windows. */
  readonly videoTokens?: number | undefined;
  readonly cpuSeconds?: number | undefined; // of analysis and questions
}

export interface Predictions {
  readonly answers: ReadonlyMap<string, Prediction>; // by qid
  readonly events: ReadonlyMap<string, PredictedEvents>; // by video
}

const pair = z.tuple([z.number(), z.number()]);
const window = z.union([z.tuple([z.number(), z.number(), z.number()]), pair]);

const answerRow = z.object({
  qid: questionId,
  query: z.string().optional(),
  vid: z.string().optional(),
  pred_relevant_windows: z.array(window),
  pred_saliency_scores: z.array(z.number()).optional(),
  secondsight: z
    .object({ candidate: pair.nullable(), confidence: z.number().nullable(), unparsed: z.number().int(), error: z.string().nullable(), seconds: z.number() })
    .optional(),
});

const eventsRow = z.object({
  vid: z.string().min(1),
  pred_events: z.array(z.object({ start_time: z.number(), end_time: z.number(), text: z.string() })),
  secondsight: z.object({ unparsed: z.number().int(), video_seconds: z.number(), video_tokens: z.number(), cpu_seconds: z.number().nullable() }).optional(),
});

type AnswerRow = z.output<typeof answerRow>;
type EventsRow = z.output<typeof eventsRow>;

/** A row is told by what it predicts. */
const row: z.ZodType<AnswerRow | EventsRow> = z.record(z.string(), z.unknown()).pipe(z.union([eventsRow, answerRow], { error: 'needs qid and pred_relevant_windows, or vid and pred_events' }));

/** Rejects with `predictions.file_not_found`, `predictions.line_invalid` or `predictions.duplicate`. */
export async function readPredictions(file: string): Promise<Predictions> {
  return parsePredictions(file, await readText('predictions', file));
}

export function parsePredictions(file: string, text: string): Predictions {
  const answers = new Map<string, Prediction>();
  const events = new Map<string, PredictedEvents>();
  for (const { value, place } of parseLines('predictions', file, text, row)) {
    if ('pred_events' in value) addOnce(events, value.vid, eventsOf(value), file, place);
    else addOnce(answers, value.qid, answerOf(value, file, place), file, place);
  }
  return { answers, events };
}

function addOnce<T>(to: Map<string, T>, key: string, value: T, file: string, place: string): void {
  if (to.has(key)) throw new AppError('predictions.duplicate', `${file}, ${place}: ${key} was predicted before.`);
  to.set(key, value);
}

function answerOf({ qid, query, vid, pred_relevant_windows: windows, pred_saliency_scores: saliency, secondsight: ours }: AnswerRow, file: string, place: string): Prediction {
  const faulty = windows.findIndex((each) => each.some((number) => !Number.isFinite(number)));
  if (faulty >= 0) throw invalid('predictions', file, place, `pred_relevant_windows.${faulty}: is not finite`);
  const moments = windows.map(([startSeconds, endSeconds, score], k) => ({ startSeconds, endSeconds, score: score ?? -k }));
  const [best] = windows;
  return {
    ...{ qid, query, vid, moments, saliency },
    candidate: ours ? (rangeOf(ours.candidate) ?? undefined) : moments[0],
    confidence: ours ? ours.confidence : probability(best?.[2]),
    unparsed: ours?.unparsed ?? 0,
    error: ours?.error ?? undefined,
    seconds: ours?.seconds,
  };
}

const rangeOf = (times: readonly [number, number] | null): TimeRange | undefined => times ? { startSeconds: times[0], endSeconds: times[1] } : undefined;

/** A score of another system is a confidence only where it could be one. */
const probability = (score: number | undefined): number | null => (score !== undefined && score >= 0 && score <= 1 ? score : null);

const eventsOf = ({ vid, pred_events, secondsight: ours }: EventsRow): PredictedEvents => ({
  vid,
  events: pred_events.map(({ start_time: startSeconds, end_time: endSeconds, text }) => ({ startSeconds, endSeconds, text })),
  unparsed: ours?.unparsed ?? 0,
  videoSeconds: ours?.video_seconds,
  videoTokens: ours?.video_tokens,
  cpuSeconds: ours?.cpu_seconds ?? undefined,
});

/** One line, as it is read again. */
export function answerLine({ qid, query, vid, moments, saliency, candidate, confidence, unparsed, error, seconds }: Prediction): string {
  const row: z.input<typeof answerRow> = {
    ...{ qid, query, vid },
    pred_relevant_windows: moments.map(({ startSeconds, endSeconds, score }) => [startSeconds, endSeconds, score]),
    ...(saliency && { pred_saliency_scores: [...saliency] }),
    secondsight: { candidate: candidate ? [candidate.startSeconds, candidate.endSeconds] : null, confidence, unparsed, error: error ?? null, seconds: seconds ?? 0 },
  };
  return `${JSON.stringify(row)}\n`;
}

export function eventsLine({ vid, events, unparsed, videoSeconds = 0, videoTokens = 0, cpuSeconds }: PredictedEvents): string {
  const row: z.input<typeof eventsRow> = {
    vid,
    pred_events: events.map(({ startSeconds: start_time, endSeconds: end_time, text }) => ({ start_time, end_time, text })),
    secondsight: { unparsed, video_seconds: videoSeconds, video_tokens: videoTokens, cpu_seconds: cpuSeconds ?? null },
  };
  return `${JSON.stringify(row)}\n`;
}
