// Every export format in one table: its media types and its writer. A new format is a line here and a writer beside it.
import { writeSrt, writeVtt } from './captions.js';
import { writeEdl } from './edl.js';
import { type ExportWriter } from './export-file.js';
import { writeFcpxml } from './fcpxml.js';
import { writeOtio } from './otio.js';
import { writeCsv, writeJsonLines } from './tables.js';

export const FILE_FORMATS = ['jsonl', 'vtt', 'srt', 'csv', 'edl', 'fcpxml', 'otio'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];
/** `json` is the resource of the API itself; the name of a file format is also its extension. */
export const FORMATS = ['json', ...FILE_FORMATS] as const;

export interface Format {
  /** The first is the one it is sent as; Accept may name any. */
  readonly mediaTypes: readonly [string, ...string[]];
  readonly parameters: string;
  /** Shown by a browser, or saved. */
  readonly disposition: 'inline' | 'attachment';
  readonly write: ExportWriter;
}

const utf8 = '; charset=utf-8';

export const formats: Readonly<Record<FileFormat, Format>> = {
  jsonl: { mediaTypes: ['application/jsonl', 'application/x-ndjson'], parameters: utf8, disposition: 'inline', write: writeJsonLines },
  vtt: { mediaTypes: ['text/vtt'], parameters: utf8, disposition: 'inline', write: writeVtt },
  srt: { mediaTypes: ['application/x-subrip'], parameters: utf8, disposition: 'inline', write: writeSrt },
  csv: { mediaTypes: ['text/csv'], parameters: `${utf8}; header=present`, disposition: 'inline', write: writeCsv },
  edl: { mediaTypes: ['application/x-edl', 'text/x-edl'], parameters: utf8, disposition: 'attachment', write: writeEdl },
  fcpxml: { mediaTypes: ['application/vnd.apple-fcp+xml'], parameters: utf8, disposition: 'attachment', write: writeFcpxml },
  otio: { mediaTypes: ['application/vnd.pixar.opentimelineio+json'], parameters: '', disposition: 'attachment', write: writeOtio },
};
