// Writes pieces to the part of an upload; what was written stays, however the piece ends.
import { createReadStream, createWriteStream } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Storage } from '../platform/storage/index.js';
import { type Checksum } from './checksum.js';

/** A piece with a checksum: nothing of it counts before all of it is known to be right. Resolves with the bytes that the part has then. */
export function writeChecked(storage: Storage, id: string, source: Readable, offset: number, checksum: Checksum): Promise<number> {
  return storage.aside(async (path) => {
    const summed = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        checksum.add(chunk);
        done(null, chunk);
      },
    });
    await pipeline(source, summed, createWriteStream(path));
    checksum.check();
    return storage.writePart(id, createReadStream(path), offset);
  });
}
