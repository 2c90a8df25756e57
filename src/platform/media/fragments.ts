// Joins fragmented MP4 files of the same tracks into one, each going on where the one before ended.
import { appendFile, open } from 'node:fs/promises';
import { boxesAt, boxesOf, HEADER_BYTES } from './boxes.js';

/** Ticks by which the tracks of a file are moved, by their number, the first is 1. */
export type TrackOffsets = ReadonlyMap<number, bigint>;

/** What a fragment says of itself; its pictures and sound follow in a box of their own. */
const MOST_HEAD_BYTES = 16 * 1024 ** 2;
const COPIED_AT_ONCE = 1024 ** 2;

/** Appends `from` to `to`; only where `begins` with what describes the tracks, which is the same in all of them. */
export async function appendFragments(to: string, from: string, { begins, offsets }: { begins: boolean; offsets: TrackOffsets }): Promise<void> {
  const file = await open(from, 'r');
  try {
    const { size } = await file.stat();
    for (let at = 0; at + HEADER_BYTES <= size; ) {
      const head = await readAt(file, at, 2 * HEADER_BYTES);
      const type = head.toString('latin1', 4, HEADER_BYTES);
      const length = head.readUInt32BE(0) === 1 ? Number(head.readBigUInt64BE(HEADER_BYTES)) : head.readUInt32BE(0);
      if (length < HEADER_BYTES || at + length > size) throw new Error(`${from} is no fragmented MP4 file`);
      if (type === 'moof' && length <= MOST_HEAD_BYTES) {
        const fragment = await readAt(file, at, length);
        moveFragment(fragment, offsets);
        await appendFile(to, fragment);
      } else if (type === 'mdat' || (begins && (type === 'ftyp' || type === 'moov'))) {
        for (let done = 0; done < length; done += COPIED_AT_ONCE) await appendFile(to, await readAt(file, at + done, Math.min(COPIED_AT_ONCE, length - done)));
      }
      at += length;
    }
  } finally {
    await file.close();
  }
}

/** Each track of a fragment says in `tfhd` which it is and in `tfdt` when it begins, as 64 bits in version 1 of that box. */
function moveFragment(fragment: Buffer, offsets: TrackOffsets): void {
  for (const track of boxesAt(fragment.subarray(HEADER_BYTES), ['traf'])) {
    const parts = boxesOf(track);
    const number = parts.find(({ type }) => type === 'tfhd')?.body.readUInt32BE(4);
    const time = parts.find(({ type }) => type === 'tfdt')?.body;
    if (number === undefined || time?.readUInt8(0) !== 1) throw new Error('a fragment does not say when it begins');
    time.writeBigUInt64BE(time.readBigUInt64BE(4) + (offsets.get(number) ?? 0n), 4);
  }
}

async function readAt(file: Awaited<ReturnType<typeof open>>, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
