// What a list of a search is: stretches of videos, best first.
import { type Segment } from '../segments/index.js';

export type ListName = 'text' | 'trigram' | 'vector' | 'frames' | 'fingerprint';

/** A stretch of a video that a list names; `segmentId` is null for pictures. Best first. */
export interface Found {
  readonly segmentId: string | null;
  readonly videoId: string;
  readonly startTime: number;
  readonly endTime: number;
  /** Of a segment; null for pictures. */
  readonly source: Segment['source'] | null;
  readonly text: string | null;
  /** What the list is ordered by: the more the better. */
  readonly score: number;
}

export interface RankedList {
  readonly list: ListName;
  readonly found: readonly Found[];
}

export interface RetrievalWarning {
  readonly code: string;
  readonly message: string;
}

export interface Retrieved {
  readonly lists: readonly RankedList[];
  /** Lists that are left out because their embedder is away, or they take too long, and what was not looked at. */
  readonly warnings: readonly RetrievalWarning[];
}

/** Columns of a segment `s` as it is found. */
export const FOUND_SEGMENT = `s.id AS "segmentId", s.video_id AS "videoId", s.start_time AS "startTime", s.end_time AS "endTime", s.source, s.text`;
