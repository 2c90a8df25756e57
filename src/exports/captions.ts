// WebVTT and SRT: each stretch is a cue, which players take for captions or chapters.
import { type ExportFile } from './export-file.js';
import { oneLine } from './export-text.js';
import { type ExportRecord, type ExportRecords } from './export-record.js';

export async function* writeVtt({ source }: ExportFile, records: ExportRecords): AsyncGenerator<string> {
  yield 'WEBVTT\n\n';
  for await (const record of records) yield `${record.id}\n${cueTimes(record, source.duration, '.')}\n${escapeVtt(cueText(record.text))}\n\n`;
}

export async function* writeSrt({ source }: ExportFile, records: ExportRecords): AsyncGenerator<string> {
  let number = 0;
  for await (const record of records) yield `${++number}\n${cueTimes(record, source.duration, ',')}\n${cueText(record.text)}\n\n`;
}

/** `3725500` -> `01:02:05.500`; hours may pass 99. */
export function clockTime(milliseconds: number, fractionMark: '.' | ','): string {
  const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
  const clock = [Math.floor(milliseconds / 3_600_000), Math.floor(milliseconds / 60_000) % 60, Math.floor(milliseconds / 1000) % 60];
  return `${clock.map((part) => pad(part)).join(':')}${fractionMark}${pad(milliseconds % 1000, 3)}`;
}

/** Inside the video, and never empty: a cue ends after it starts. */
function cueTimes({ startSeconds, endSeconds }: ExportRecord, duration: number, mark: '.' | ','): string {
  const within = (seconds: number): number => Math.round(1000 * Math.min(Math.max(0, seconds), duration));
  const start = Math.max(0, Math.min(within(startSeconds), within(duration) - 1));
  return `${clockTime(start, mark)} --> ${clockTime(Math.max(within(endSeconds), start + 1), mark)}`;
}

/** A blank line would end the cue, and an arrow would start another. */
const cueText = (text: string): string => oneLine(text).replaceAll('-->', '->') || '-';

const escapeVtt = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
