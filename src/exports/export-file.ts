// One file to be written: of which video, at which rate, as marks on the whole or as a cut list.
import { type ExportRecords, type SourceVideo } from './export-record.js';
import { type FrameRate } from './frame-rate.js';
import { frameOfTimecode } from './timecode.js';
import { type Timing } from './timing.js';

export interface ExportFile {
  readonly source: SourceVideo;
  readonly timing: Timing;
  /** A row of clips, one for each stretch, instead of marks on one clip of the whole video. */
  readonly cut: boolean;
}

/** Writes the stretches as they come, in order of start; nothing is kept. */
export type ExportWriter = (file: ExportFile, records: ExportRecords) => AsyncGenerator<string>;

/** Frame at which the record timecode of a cut list begins: one hour, by custom. */
export const recordStart = (rate: FrameRate): number => frameOfTimecode('01:00:00:00', rate) ?? 0;
