// The figures of an evaluation, each with its interval.
import { expectedCalibrationError } from '../model/grounding/calibration.js';
import { bootstrapInterval } from '../model/metrics/bootstrap.js';
import { f1Of } from '../model/metrics/dense-events.js';
import { HIGHLIGHT_LEVELS } from '../model/metrics/highlights.js';
import { LENGTH_RANGES } from '../model/metrics/moment-precision.js';
import { areaUnderRoc, rejectionF1 } from '../model/metrics/rejection.js';
import { brierScore } from '../model/metrics/reliability.js';
import { mean, median, rounded, share } from '../model/metrics/statistics.js';
import { type JudgedQuestion, type JudgedVideo } from './judge.js';

export type Unit = 'share' | 'milliseconds' | 'a minute';

export interface Definition<T> {
  readonly name: string;
  readonly title: string;
  readonly unit?: Unit;
  /** NaN where there is nothing to measure. */
  readonly of: (sample: readonly T[]) => number;
}

export interface Figure {
  readonly name: string;
  readonly title: string;
  readonly unit: Unit;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

type Sample = readonly JudgedQuestion[];

const present = (sample: Sample): Sample => sample.filter((each) => each.isPresent);
const absent = (sample: Sample): Sample => sample.filter((each) => !each.isPresent);
const answered = (sample: Sample): Sample => present(sample).filter((each) => each.boundaryError !== undefined);
const judged = (sample: Sample) => sample.flatMap(({ confidence }) => confidence ?? []);
const defined = (values: readonly (number | undefined)[]): number[] => values.filter((value) => value !== undefined);
const recalled = (threshold: number) => (sample: Sample) => share(present(sample), ({ iou }) => iou >= threshold);
const precisionAt = (threshold: number) => (sample: Sample) => mean(defined(present(sample).map(({ precisions }) => precisions[threshold])));
const errors = (sample: Sample, ends: readonly ('startSeconds' | 'endSeconds')[]): number =>
  1000 * median(answered(sample).flatMap(({ boundaryError }) => ends.map((end) => Math.abs(boundaryError?.[end] ?? NaN))));

/** Score of the best candidate; one that nobody names is below all others. */
const scores = (sample: Sample): number[] => sample.map(({ confidence }) => confidence?.confidence ?? -1);

const OF_QUESTIONS: readonly Definition<JudgedQuestion>[] = [
  { name: 'miou', title: 'Mean IoU of the first moment', of: (sample) => mean(present(sample).map(({ iou }) => iou)) },
  { name: 'r1_03', title: 'R1 at IoU 0.3', of: recalled(0.3) },
  { name: 'r1_05', title: 'R1 at IoU 0.5', of: recalled(0.5) },
  { name: 'r1_07', title: 'R1 at IoU 0.7', of: recalled(0.7) },
  { name: 'r5_05', title: 'R5 at IoU 0.5', of: (sample) => share(present(sample), ({ isAmongFive }) => isAmongFive) },
  { name: 'knowable_miou', title: 'Mean IoU with what the sampled pictures can tell', of: (sample) => mean(defined(sample.map(({ knowableIou }) => knowableIou))) },
  { name: 'boundary_error_ms', title: 'Median error of a boundary', unit: 'milliseconds', of: (sample) => errors(sample, ['startSeconds', 'endSeconds']) },
  { name: 'start_error_ms', title: 'Median error of the start', unit: 'milliseconds', of: (sample) => errors(sample, ['startSeconds']) },
  { name: 'end_error_ms', title: 'Median error of the end', unit: 'milliseconds', of: (sample) => errors(sample, ['endSeconds']) },
  { name: 'map', title: 'mAP over IoU 0.5 to 0.95', of: (sample) => mean(present(sample).map(({ precisions }) => mean(precisions))) },
  { name: 'map_05', title: 'mAP at IoU 0.5', of: precisionAt(0) },
  { name: 'map_075', title: 'mAP at IoU 0.75', of: precisionAt(5) },
  ...LENGTH_RANGES.map(({ name }, k) => ({
    name: `map_${name}`,
    title: `mAP of ${name} moments`,
    of: (sample: Sample) => mean(defined(sample.map(({ precisionByLength }) => precisionByLength[k]))),
  })),
  ...HIGHLIGHT_LEVELS.flatMap(({ name }, k) => {
    const rated = (sample: Sample) => present(sample).flatMap(({ highlights }) => highlights[k] ?? []);
    const level = name.replace('_', ' ');
    return [
      { name: `hit1_${name}`, title: `HIT@1, ${level}`, of: (sample: Sample) => share(rated(sample), ({ hit }) => hit) },
      { name: `highlight_map_${name}`, title: `Highlight mAP, ${level}`, of: (sample: Sample) => mean(rated(sample).map(({ precision }) => precision)) },
    ];
  }),
  { name: 'absent_rejected', title: 'Absent questions rejected', of: (sample) => share(absent(sample), ({ isRejected }) => isRejected) },
  { name: 'present_lost', title: 'Present questions lost', of: (sample) => (absent(sample).length === 0 ? NaN : share(present(sample), ({ isRejected }) => isRejected)) },
  { name: 'rejection_f1', title: 'Rejection, F1', of: rejectionOf },
  { name: 'auroc', title: 'Present above absent by confidence (AUROC)', of: (sample) => (judged(sample).length === 0 ? NaN : areaUnderRoc(scores(present(sample)), scores(absent(sample)))) },
  { name: 'ece', title: 'Calibration error of confidence (ECE, 15 bins)', of: (sample) => (judged(sample).length === 0 ? NaN : expectedCalibrationError(judged(sample))) },
  { name: 'brier', title: 'Brier score of confidence', of: (sample) => brierScore(judged(sample)) },
];

function rejectionOf(sample: Sample): number {
  const [there, not] = [present(sample), absent(sample)];
  if (not.length === 0) return NaN;
  const rejected = (of: Sample): number => of.filter(({ isRejected }) => isRejected).length;
  return rejectionF1(rejected(not), not.length, rejected(there));
}

const dense = (sample: readonly JudgedVideo[]) => sample.flatMap(({ dense: found }) => found ?? []);

const OF_VIDEOS: readonly Definition<JudgedVideo>[] = [
  { name: 'dense_f1', title: 'Events found with the right words, F1 at IoU 0.5', of: (sample) => (dense(sample).length === 0 ? NaN : f1Of(dense(sample).map(({ matches }) => matches))) },
  { name: 'detection_precision', title: 'Events by times alone: precision', of: (sample) => mean(dense(sample).map(({ detection }) => detection.precision)) },
  { name: 'detection_recall', title: 'Events by times alone: recall', of: (sample) => mean(dense(sample).map(({ detection }) => detection.recall)) },
  { name: 'detection_f1', title: 'Events by times alone: F1', of: (sample) => mean(dense(sample).map(({ detection }) => detection.f1)) },
  { name: 'soda_f1', title: 'Events in order, times and words (SODA)', of: (sample) => mean(dense(sample).map(({ soda }) => soda)) },
  { name: 'invented_per_minute', title: 'Events told that do not happen so, a minute of video', unit: 'a minute', of: inventedPerMinute },
];

/** NaN where nobody says how long the videos are. */
function inventedPerMinute(sample: readonly JudgedVideo[]): number {
  const timed = sample.flatMap(({ dense: found, predicted }) => (found && predicted?.videoSeconds !== undefined ? [{ ...found.matches, seconds: predicted.videoSeconds }] : []));
  const total = (of: (video: (typeof timed)[number]) => number): number => timed.reduce((sum, video) => sum + of(video), 0);
  return total(({ predicted, matched }) => predicted - matched) / (total(({ seconds }) => seconds) / 60);
}

/** Names of all figures, in the order in which they are told. */
export const FIGURE_NAMES: readonly string[] = [...OF_QUESTIONS, ...OF_VIDEOS].map(({ name }) => name);

/** Those that there is something to measure of, with intervals that are the same for the same seed. */
export function figuresOf(videos: readonly JudgedVideo[], seed: number): Figure[] {
  const groups = videos.map(({ questions }) => questions);
  return [
    ...OF_QUESTIONS.map((definition) => measured(definition, groups, seed)),
    ...OF_VIDEOS.map((definition) => measured(definition, videos.map((video) => [video]), seed)),
  ].filter(({ value }) => Number.isFinite(value));
}

/** One figure with its interval; `groups` hold what belongs together, such as the questions of one video. */
export function measured<T>({ name, title, unit = 'share', of }: Definition<T>, groups: readonly (readonly T[])[], seed: number): Figure {
  const value = of(groups.flat());
  const interval = Number.isFinite(value) ? bootstrapInterval(groups, of, { seed }) : { low: NaN, high: NaN };
  return { name, title, unit, value, ...interval };
}

/** By name, as they are written: those of `names` that could not be measured are null. */
export function figuresJson(figures: readonly Figure[], names: readonly string[]): Record<'values' | 'intervals', Record<string, unknown>> {
  const short = ({ unit }: Figure, value: number): number => rounded(value, unit === 'milliseconds' ? 0 : 4);
  return {
    values: { ...Object.fromEntries(names.map((name) => [name, null])), ...Object.fromEntries(figures.map((figure) => [figure.name, short(figure, figure.value)])) },
    intervals: Object.fromEntries(figures.map((figure) => [figure.name, [short(figure, figure.low), short(figure, figure.high)]])),
  };
}
