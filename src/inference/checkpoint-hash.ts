// What tells a checkpoint from every other, and from itself with other weights: nothing that one saw or said is served for another.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ShardFile } from './checkpoint.js';

/** Files that decide what the model sees and says, besides the weights. */
const HASHED_FILES = ['config.json', 'tokenizer.json', 'preprocessor_config.json', 'generation_config.json'];

/** A weight file of this size is read from end to end in a tenth of a second. */
const WHOLE_BYTES = 64 * 1024 ** 2;
/** Of each tensor in a larger file so many pieces are read, the first at its beginning and the last at its end, so that each eighth has one. */
const PIECES = 9;
const PIECE_BYTES = 4096;

/**
 * 16 hex digits of a sha-256 over the configuration files and the weights. Of a weight file above 64 MiB it covers the header and 9 pieces of
 * 4 KiB of every tensor: all of a 7B would take a minute to read from a disk, and neither training nor merging nor packing leaves those alone.
 */
export async function hashOf(directory: string, files: readonly ShardFile[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of HASHED_FILES) {
    const bytes = existsSync(join(directory, name)) ? await readFile(join(directory, name)) : new Uint8Array();
    hash.update(`${name} ${bytes.length}\n`).update(bytes);
  }
  for (const file of files) {
    hash.update(`weights ${file.size}\n`);
    const handle = await open(file.path);
    try {
      for await (const bytes of file.size <= WHOLE_BYTES ? handle.createReadStream({ autoClose: false }) : pieces(handle, file)) hash.update(bytes as Uint8Array);
    } finally {
      await handle.close();
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function* pieces(handle: FileHandle, { headerBytes, header }: ShardFile): AsyncGenerator<Uint8Array> {
  yield headerBytes;
  for (const { start, end } of header.tensors.values()) {
    const length = Math.min(PIECE_BYTES, end - start);
    const places = new Set(Array.from({ length: PIECES }, (_, k) => start + Math.floor(((end - start - length) * k) / (PIECES - 1))));
    for (const place of places) {
      const piece = new Uint8Array(length);
      await handle.read(piece, 0, length, place);
      yield piece;
    }
  }
}
