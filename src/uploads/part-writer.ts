// Writes pieces to the part of an upload; what was written stays, however the piece ends.
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asFull, pieceBeside } from '../platform/storage/index.js';
import { type Checksum } from './checksum.js';

/** Writes from `offset` on, to disk; resolves with the bytes that the part has then. Rejects with `storage.full`, or as the source fails. */
export async function writePiece(path: string, source: Readable, offset: number): Promise<number> {
  try {
    await pipeline(source, createWriteStream(path, { flags: 'r+', start: offset, flush: true }));
  } catch (error) {
    throw asFull(error);
  }
  return (await stat(path)).size;
}

/** The same for a piece with a checksum: nothing of it counts before all of it is known to be right. */
export async function writeChecked(path: string, source: Readable, offset: number, checksum: Checksum): Promise<number> {
  const aside = pieceBeside(path);
  try {
    const summed = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        checksum.add(chunk);
        done(null, chunk);
      },
    });
    await pipeline(source, summed, createWriteStream(aside));
    checksum.check();
    return await writePiece(path, createReadStream(aside), offset);
  } catch (error) {
    throw asFull(error);
  } finally {
    await rm(aside, { force: true });
  }
}
