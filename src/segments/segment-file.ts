// Segments as files: JSON lines, WebVTT, SRT and CSV.
import { type FORMATS, type SegmentResource } from './segment.schema.js';

export type FileFormat = Exclude<(typeof FORMATS)[number], 'json'>;

/** How one format is written: its media type, what comes first, and one entry per segment (numbered from 1). */
export interface FileWriter {
  readonly contentType: string;
  readonly head: string;
  readonly entry: (segment: SegmentResource, number: number) => string;
}

const CSV_COLUMNS = ['id', 'start_time', 'end_time', 'type', 'source', 'confidence', 'text'] as const;

export const fileWriters: Readonly<Record<FileFormat, FileWriter>> = {
  jsonl: {
    contentType: 'application/jsonl; charset=utf-8',
    head: '',
    entry: (segment) => `${JSON.stringify(segment)}\n`,
  },
  vtt: {
    contentType: 'text/vtt; charset=utf-8',
    head: 'WEBVTT\n\n',
    entry: (segment) => `${segment.id}\n${cueTimes(segment, '.')}\n${escapeVtt(oneLine(segment.text))}\n\n`,
  },
  srt: {
    contentType: 'application/x-subrip; charset=utf-8',
    head: '',
    entry: (segment, number) => `${number}\n${cueTimes(segment, ',')}\n${oneLine(segment.text)}\n\n`,
  },
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: `${CSV_COLUMNS.join(',')}\r\n`,
    entry: (segment) => `${CSV_COLUMNS.map((column) => csvField(segment[column])).join(',')}\r\n`,
  },
};

/** `3725.5` -> `01:02:05.500`; hours may pass 99. */
export function clockTime(seconds: number, fractionMark: '.' | ','): string {
  const milliseconds = Math.round(seconds * 1000);
  const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
  const clock = [Math.floor(milliseconds / 3_600_000), Math.floor(milliseconds / 60_000) % 60, Math.floor(milliseconds / 1000) % 60];
  return `${clock.map((part) => pad(part)).join(':')}${fractionMark}${pad(milliseconds % 1000, 3)}`;
}

const cueTimes = (segment: SegmentResource, mark: '.' | ','): string =>
  `${clockTime(segment.start_time, mark)} --> ${clockTime(segment.end_time, mark)}`;

/** A blank line would end the cue, and an arrow would start another. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('-->', '->').trim() || '-';

const escapeVtt = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** RFC 4180; a leading =, +, - or @ is quoted apart so that a spreadsheet does not run it. */
function csvField(value: string | number | null): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
