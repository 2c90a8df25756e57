// How well a list of described events meets the true list: by times alone, by times and words, and in order.
import { sameDescription } from '../grounding/compare.js';
import { overlapShare, type TimeRange } from '../grounding/time-range.js';
import { mean } from './statistics.js';

export interface DescribedEvent extends TimeRange {
  readonly text: string;
}

/** Overlaps at which events are counted as found in the convention of the field. */
const DETECTION_THRESHOLDS = [0.3, 0.5, 0.7, 0.9];

export interface Detection {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/**
 * Times alone: share of predictions that overlap some truth enough, share of truths that some prediction overlaps enough, each averaged
 * over the thresholds. Two predictions may count for one truth. Nothing said where nothing happens is right: 1.
 */
export function detection(predictions: readonly TimeRange[], truths: readonly TimeRange[], thresholds = DETECTION_THRESHOLDS): Detection {
  if (predictions.length === 0 && truths.length === 0) return { precision: 1, recall: 1, f1: 1 };
  const covered = (of: readonly TimeRange[], by: readonly TimeRange[], threshold: number): number =>
    of.length === 0 ? 0 : of.filter((one) => by.some((other) => overlapShare(one, other) >= threshold)).length / of.length;
  const precision = mean(thresholds.map((threshold) => covered(predictions, truths, threshold)));
  const recall = mean(thresholds.map((threshold) => covered(truths, predictions, threshold)));
  return { precision, recall, f1: harmonic(precision, recall) };
}

/** Counts of one video; those of several add up before `f1Of`. */
export interface Matches {
  readonly matched: number;
  readonly predicted: number;
  readonly expected: number;
}

/** Pairs of a prediction and a truth with the same description and enough overlap, the most overlapping first, each used once. */
export function describedMatches(predictions: readonly DescribedEvent[], truths: readonly DescribedEvent[], threshold = 0.5): Matches {
  const pairs = predictions
    .flatMap((prediction, p) => truths.map((truth, t) => ({ p, t, iou: sameDescription(prediction.text, truth.text) ? overlapShare(prediction, truth) : 0 })))
    .filter(({ iou }) => iou >= threshold)
    .sort((a, b) => b.iou - a.iou);
  const [used, met] = [new Set<number>(), new Set<number>()];
  for (const { p, t } of pairs) {
    if (used.has(p) || met.has(t)) continue;
    used.add(p);
    met.add(t);
  }
  return { matched: used.size, predicted: predictions.length, expected: truths.length };
}

/** F1 of the counts of all videos together; 1 where nothing is true and nothing was predicted. */
export function f1Of(counts: readonly Matches[]): number {
  const total = (key: keyof Matches): number => counts.reduce((sum, each) => sum + each[key], 0);
  const both = total('predicted') + total('expected');
  return both === 0 ? 1 : (2 * total('matched')) / both;
}

/** How alike two descriptions are, 0 to 1. */
export type Similarity = (a: string, b: string) => number;

/**
 * SODA: the pairing in order of time that has the highest sum of overlap times similarity, as F1 against both lists. It punishes
 * leaving events out, telling them twice and telling them in another order.
 */
export function sodaF1(predictions: readonly DescribedEvent[], truths: readonly DescribedEvent[], similarity: Similarity = tokenF1): number {
  if (predictions.length === 0 || truths.length === 0) return predictions.length === truths.length ? 1 : 0;
  const ordered = (events: readonly DescribedEvent[]): DescribedEvent[] => [...events].sort((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds);
  const [rows, columns] = [ordered(predictions), ordered(truths)];
  let above = new Float64Array(columns.length + 1);
  for (const row of rows) {
    const sums = new Float64Array(columns.length + 1);
    columns.forEach((column, k) => {
      const overlap = overlapShare(row, column);
      const paired = above[k]! + (overlap > 0 ? overlap * similarity(row.text, column.text) : 0);
      sums[k + 1] = Math.max(above[k + 1]!, sums[k]!, paired);
    });
    above = sums;
  }
  const best = above[columns.length]!;
  return harmonic(best / rows.length, best / columns.length);
}

/** F1 of the words of two descriptions, each as often as it occurs in both. */
export function tokenF1(a: string, b: string): number {
  const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const [left, right] = [words(a), words(b)];
  const counts = new Map<string, number>();
  for (const word of left) counts.set(word, (counts.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of right) {
    const count = counts.get(word) ?? 0;
    if (count > 0) shared += 1;
    counts.set(word, count - 1);
  }
  return left.length + right.length === 0 ? 1 : (2 * shared) / (left.length + right.length);
}

const harmonic = (a: number, b: number): number => (a + b === 0 ? 0 : (2 * a * b) / (a + b));
