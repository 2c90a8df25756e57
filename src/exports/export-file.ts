// One file to be written: of which video, at which rate, as marks on the whole or as a cut list.
import { type ExportRecord, type ExportRecords, type SourceVideo } from './export-record.js';
import { type FrameRate } from './frame-rate.js';
import { frameOfTimecode } from './timecode.js';
import { type Timing } from './timing.js';

/** A video of the file. */
export interface ExportAsset {
  readonly source: SourceVideo;
  readonly timing: Timing;
}

export interface ExportFile extends ExportAsset {
  /** A row of clips, one for each stretch, instead of marks on one clip of the whole video. */
  readonly cut: boolean;
  /** The videos of a list of several, all at one rate; a file of one video leaves it out. */
  readonly assets?: readonly ExportAsset[];
}

export const assetsOf = (file: ExportFile): readonly ExportAsset[] => file.assets ?? [file];

/** The video that a stretch is of. */
export const assetOf = (file: ExportFile, { videoId }: ExportRecord): ExportAsset =>
  (videoId === undefined ? undefined : assetsOf(file).find(({ source }) => source.id === videoId)) ?? file;

/** Writes the stretches as they come, in order of start; nothing is kept. */
export type ExportWriter = (file: ExportFile, records: ExportRecords) => AsyncGenerator<string>;

/** Frame at which the record timecode of a cut list begins: one hour, by custom. */
export const recordStart = (rate: FrameRate): number => frameOfTimecode('01:00:00:00', rate) ?? 0;
