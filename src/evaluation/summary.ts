// Everything that is told of an evaluation, as one record: the figures, what they were made of, and how they lie over kinds and lengths.
import { mean, median, quantile, rounded, share } from '../model/metrics/statistics.js';
import { type Figure, FIGURE_NAMES, figuresJson, figuresOf } from './figures.js';
import { type JudgedQuestion, type JudgedVideo } from './judge.js';

export interface KindRow {
  readonly kind: string;
  readonly count: number;
  /** Null for what does not happen. */
  readonly miou: number | null;
  /** Share that was answered with "not in this video". */
  readonly rejected: number;
}

export interface LengthRow {
  /** Length of the true moment, seconds: from, and below. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly miou: number;
  /** Median of both ends of the answers; null where none was given. */
  readonly boundaryErrorMs: number | null;
}

export interface Cost {
  /** Of video that was analysed. */
  readonly videoSeconds: number;
  readonly videoTokens: number;
  /** Of worker, inference and their tools; null where it could not be measured. */
  readonly cpuSeconds: number | null;
  readonly questionSeconds: { readonly p50: number; readonly p95: number } | null;
}

export interface Summary {
  readonly dataset: string;
  readonly videos: number;
  readonly questions: number;
  readonly present: number;
  readonly absent: number;
  /** Questions that nobody answered: 0 in every figure. */
  readonly unanswered: number;
  /** Answers of the model that could not be read, of questions and of analyses. */
  readonly parseFailures: number;
  readonly figures: readonly Figure[];
  readonly kinds: readonly KindRow[];
  readonly lengths: readonly LengthRow[];
  readonly cost: Cost;
}

/** Bounds between lengths of moments, seconds. */
const LENGTHS = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, Infinity];

export function summarise(dataset: string, videos: readonly JudgedVideo[], seed: number): Summary {
  const questions = videos.flatMap((video) => video.questions);
  const count = (those: (question: JudgedQuestion) => boolean): number => questions.filter(those).length;
  return {
    ...{ dataset, videos: videos.length, questions: questions.length },
    present: count((each) => each.isPresent),
    absent: count((each) => !each.isPresent),
    unanswered: count(({ prediction }) => prediction === undefined || prediction.error !== undefined),
    parseFailures: sum([...questions.map(({ prediction }) => prediction?.unparsed), ...videos.map(({ predicted }) => predicted?.unparsed)]),
    figures: figuresOf(videos, seed),
    kinds: kindsOf(questions),
    lengths: lengthsOf(questions),
    cost: costOf(videos, questions),
  };
}

/** What happens first. */
function kindsOf(questions: readonly JudgedQuestion[]): KindRow[] {
  return [true, false].flatMap((isPresent) => {
    const all = questions.filter((each) => each.isPresent === isPresent);
    const kinds = [...new Set(all.map(({ question }) => question.kind))].sort();
    return kinds.map((kind): KindRow => {
      const those = all.filter(({ question }) => question.kind === kind);
      return { kind, count: those.length, miou: isPresent ? mean(those.map(({ iou }) => iou)) : null, rejected: share(those, ({ isRejected }) => isRejected) };
    });
  });
}

function lengthsOf(questions: readonly JudgedQuestion[]): LengthRow[] {
  return LENGTHS.slice(0, -1).flatMap((from, k) => {
    const to = LENGTHS[k + 1] ?? Infinity;
    const those = questions.filter((question) => question.isPresent && lengthOf(question) >= from && lengthOf(question) < to);
    const errors = those.flatMap(({ boundaryError: error }) => (error ? [Math.abs(error.startSeconds), Math.abs(error.endSeconds)] : []));
    if (those.length === 0) return [];
    return [{ from, to, count: those.length, miou: mean(those.map(({ iou }) => iou)), boundaryErrorMs: errors.length > 0 ? 1000 * median(errors) : null }];
  });
}

/** Of the first true moment. */
export const lengthOf = ({ question: { windows } }: JudgedQuestion): number => (windows[0] ? windows[0].endSeconds - windows[0].startSeconds : 0);

function costOf(videos: readonly JudgedVideo[], questions: readonly JudgedQuestion[]): Cost {
  const cpu = videos.map(({ predicted }) => predicted?.cpuSeconds);
  const seconds = questions.flatMap(({ prediction }) => prediction?.seconds ?? []);
  return {
    videoSeconds: sum(videos.map(({ predicted }) => predicted?.videoSeconds)),
    videoTokens: sum(videos.map(({ predicted }) => predicted?.videoTokens)),
    cpuSeconds: cpu.some((each) => each !== undefined) ? sum(cpu) : null,
    questionSeconds: seconds.length > 0 ? { p50: median(seconds), p95: quantile(seconds, 0.95) } : null,
  };
}

const sum = (values: readonly (number | undefined)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0);

/** As one line of JSON: names in snake_case, shares from 0 to 1, what could not be measured null. */
export function summaryJson(summary: Summary): Record<string, unknown> {
  const { figures, cost, kinds, lengths } = summary;
  const { values, intervals } = figuresJson(figures, FIGURE_NAMES);
  return {
    ...{ dataset: summary.dataset, videos: summary.videos, questions: summary.questions, present: summary.present, absent: summary.absent },
    ...values,
    ...{ parse_failures: summary.parseFailures, unanswered: summary.unanswered },
    by_kind: Object.fromEntries(
      kinds.map(({ kind, count, miou, rejected }) => [kind, { count, miou: miou === null ? null : rounded(miou, 4), rejected: rounded(rejected, 4) }]),
    ),
    by_length: lengths.map(({ from, to, count, miou, boundaryErrorMs }) => ({
      ...{ from, to: Number.isFinite(to) ? to : null, count, miou: rounded(miou, 4) },
      boundary_error_ms: boundaryErrorMs === null ? null : Math.round(boundaryErrorMs),
    })),
    cost: {
      video_seconds: rounded(cost.videoSeconds, 1),
      video_tokens: cost.videoTokens,
      cpu_seconds: cost.cpuSeconds === null ? null : rounded(cost.cpuSeconds, 1),
      cpu_seconds_per_video_second: cost.cpuSeconds === null || cost.videoSeconds === 0 ? null : rounded(cost.cpuSeconds / cost.videoSeconds),
      question_seconds: cost.questionSeconds && { p50: rounded(cost.questionSeconds.p50), p95: rounded(cost.questionSeconds.p95) },
    },
    intervals,
  };
}
