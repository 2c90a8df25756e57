// JSON lines and CSV: each stretch is a line.
import { type ExportFile } from './export-file.js';
import { type ExportRecord, type ExportRecords } from './export-record.js';

export async function* writeJsonLines(_file: ExportFile, records: ExportRecords): AsyncGenerator<string> {
  for await (const { resource } of records) yield `${JSON.stringify(resource)}\n`;
}

const COLUMNS: Readonly<Record<string, (record: ExportRecord) => string | number | null>> = {
  id: ({ id }) => id,
  start_time: ({ startSeconds }) => startSeconds,
  end_time: ({ endSeconds }) => endSeconds,
  type: ({ type }) => type,
  source: ({ source }) => source,
  confidence: ({ confidence }) => confidence,
  text: ({ text }) => text,
};

export async function* writeCsv(_file: ExportFile, records: ExportRecords): AsyncGenerator<string> {
  yield `${Object.keys(COLUMNS).join(',')}\r\n`;
  const columns = Object.values(COLUMNS);
  for await (const record of records) yield `${columns.map((read) => csvField(read(record))).join(',')}\r\n`;
}

/** RFC 4180; a leading =, +, - or @ is quoted apart so that a spreadsheet does not run it. */
function csvField(value: string | number | null): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
