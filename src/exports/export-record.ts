// What is exported, whatever the format: stretches of one video, and what a file must know of that video.
import { oneLine } from './export-text.js';

/** One stretch. Times are seconds from the first presented frame. */
export interface ExportRecord {
  readonly id: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** `event`, `shot`, `speech`, `moment`, ... */
  readonly type: string;
  readonly text: string;
  /** 0 to 1; null for what was measured. */
  readonly confidence: number | null;
  readonly source: string;
  /** Of which video it is, in a list of several. */
  readonly videoId?: string;
  /** As the API shows it: what JSON lines hold. */
  readonly resource: object;
}

/** What a marker or a clip is called. */
export const nameOf = ({ text, type }: ExportRecord): string => oneLine(text) || type;

/** The video that the stretches belong to; a stored video is one. */
export interface SourceVideo {
  readonly id: string;
  /** File name given at upload: untrusted text. */
  readonly name: string;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  /** Seconds from the first presented frame to the end of the last. */
  readonly duration: number;
  /** Presentation time of the first frame on the file's own clock, seconds. */
  readonly startTime: number;
  /** Average frames per second; null when unknown. */
  readonly frameRate: number | null;
  /** Seconds per tick of the video stream, as a fraction: times are known no finer than that. */
  readonly timeBaseNum: number;
  readonly timeBaseDen: number;
  readonly hasAudio: boolean;
}

/** In order of start. */
export type ExportRecords = AsyncIterable<ExportRecord> | Iterable<ExportRecord>;
