// Sends stretches of a video as a file, written as they are read: memory does not grow with their number.
import type { Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ExportRecords, type SourceVideo } from './export-record.js';
import { type ExportQuery, rateNamed } from './export.schema.js';
import { contentDisposition, exportFileName } from './export-text.js';
import { type FileFormat, formats } from './formats.js';
import { timingOf } from './timing.js';

const CHARACTERS_AT_ONCE = 64 * 1024;

export interface ExportRequest {
  /** The video; of a list of several, what the whole of it is called and how it is measured. */
  readonly source: SourceVideo;
  /** The videos of a list of several. */
  readonly sources?: readonly SourceVideo[];
  readonly format: FileFormat;
  readonly query: ExportQuery;
  readonly records: ExportRecords;
}

/** What fails before the first piece leaves is a coded problem; later the connection breaks, so that no cut file passes for a whole. */
export async function sendExport(response: Response, { source, sources, format, query, records }: ExportRequest): Promise<void> {
  const { mediaTypes, parameters, disposition, write } = formats[format];
  const timing = timingOf(source, { ...query, rate: query.rate && rateNamed(query.rate) });
  const assets = sources?.map((video) => ({ source: video, timing: timingOf(video, { rate: timing.rate.name }) }));
  const pieces = inPieces(write({ source, timing, cut: query.cut === 'true', ...(assets && { assets }) }, records));
  const first = await pieces.next();
  response.set('content-type', mediaTypes[0] + parameters);
  response.set('content-disposition', contentDisposition(disposition, exportFileName(source.name, format)));
  const all = Readable.from(after(first.value ?? '', pieces), { highWaterMark: 1 });
  await pipeline(all, response).catch((error: unknown) => {
    if (!clientLeft(error)) throw error;
  });
}

async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<string, undefined> {
  let piece = '';
  for await (const text of texts) {
    piece += text;
    if (piece.length < CHARACTERS_AT_ONCE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
  return undefined;
}

async function* after(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  if (first !== '') yield first;
  yield* rest;
}

const clientLeft = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
