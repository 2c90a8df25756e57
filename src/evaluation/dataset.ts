// What an evaluation asks: videos with questions whose true moments are known, and, where a data set has them, their true events.
import { type DescribedEvent } from '../model/metrics/dense-events.js';
import { type ClipRatings } from '../model/metrics/highlights.js';
import { type TimeRange } from '../model/grounding/time-range.js';

/** A question whose answer is known. */
export interface Question {
  /** Unique in the data set. */
  readonly qid: string;
  /** Name of the video in the data set. */
  readonly video: string;
  readonly query: string;
  /** True moments, seconds from the first picture; none: it does not happen. */
  readonly windows: readonly TimeRange[];
  /** Seconds; undefined where the data set does not say. */
  readonly duration: number | undefined;
  /** `present`, or in which way something absent differs from what happens. */
  readonly kind: string;
  /** The moments as they can be known from the sampled pictures, where whoever made the video can say. */
  readonly knowable?: readonly TimeRange[] | undefined;
  /** Of each two-second clip, where people rated them. */
  readonly ratings?: ClipRatings | undefined;
}

/** A video with its questions, in the order they are asked. */
export interface EvaluatedVideo {
  readonly name: string;
  readonly questions: readonly Question[];
  /** Everything that happens, where that is known. */
  readonly events?: readonly DescribedEvent[] | undefined;
  /** Where the file lies; made now where it is drawn. Rejects with `dataset.video_missing`. */
  open(): Promise<string>;
  /** The file is not needed any more. */
  close(): Promise<void>;
}

export interface Dataset {
  readonly name: string;
  /** Questions of all videos together, where that is known before they are read. */
  readonly size: number | undefined;
  /** Everything that is asked happens: an answer "not in this video" would only be a wrong one, so that it is not offered. */
  readonly onlyPresent: boolean;
  videos(): AsyncIterable<EvaluatedVideo>;
}

export const isPresent = ({ windows }: Pick<Question, 'windows'>): boolean => windows.length > 0;
