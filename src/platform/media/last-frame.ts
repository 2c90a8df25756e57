// Says in a finished MP4 file how long its last frame is shown: who copies fragments may not know, and players leave out a frame that takes no time.
import { open } from 'node:fs/promises';
import { boxesAt, boxesOf, HEADER_BYTES } from './boxes.js';

const MOST_TABLE_BYTES = 512 * 1024 ** 2;

/** `ticks`: length of the picture track, in ticks of its own clock. The table must lie in front. */
export async function writeLength(path: string, ticks: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const head = Buffer.alloc(HEADER_BYTES);
    for (let at = 0; (await file.read(head, 0, HEADER_BYTES, at)).bytesRead === HEADER_BYTES; ) {
      const length = head.readUInt32BE(0);
      if (head.toString('latin1', 4) === 'moov' && length <= MOST_TABLE_BYTES) {
        const table = Buffer.alloc(length - HEADER_BYTES);
        await file.read(table, 0, table.length, at + HEADER_BYTES);
        setLength(table, ticks);
        await file.write(table, 0, table.length, at + HEADER_BYTES);
        return;
      }
      if (length < HEADER_BYTES) return;
      at += length;
    }
  } finally {
    await file.close();
  }
}

/** ISO/IEC 14496-12, boxes mvhd, tkhd, elst, mdhd and stts, all as version 0: a longer movie has another version, and its last frame hardly counts. */
function setLength(moov: Buffer, ticks: number): void {
  const [movie] = boxesAt(moov, ['mvhd']);
  const track = boxesOf(moov).find(({ type, body }) => type === 'trak' && boxesAt(body, ['mdia', 'minf', 'vmhd']).length > 0)?.body;
  const [header, media, times, edits] = track ? [['tkhd'], ['mdia', 'mdhd'], ['mdia', 'minf', 'stbl', 'stts'], ['edts', 'elst']].map((path) => boxesAt(track, path)[0]) : [];
  if (!movie || !header || !media || !times || [movie, header, media].some((box) => box.readUInt8(0) !== 0)) return;
  const movieTicks = Math.ceil((ticks * movie.readUInt32BE(12)) / media.readUInt32BE(12));
  const raise = (box: Buffer, at: number, value: number): void => void (box.readUInt32BE(at) < value && box.writeUInt32BE(value, at));
  raise(movie, 16, movieTicks);
  raise(header, 20, movieTicks);
  raise(media, 16, ticks);
  if (edits?.readUInt8(0) === 0 && edits.readUInt32BE(4) > 0) raise(edits, edits.length - 12, movieTicks);
  setLastDuration(times, ticks);
}

/** Only where the last frame has an entry of its own, as it has whenever it lasts another time than the one before. */
function setLastDuration(times: Buffer, ticks: number): void {
  let before = 0;
  const last = 8 + 8 * (times.readUInt32BE(4) - 1);
  for (let at = 8; at < last; at += 8) before += times.readUInt32BE(at) * times.readUInt32BE(at + 4);
  if (times.readUInt32BE(last) === 1 && ticks > before) times.writeUInt32BE(ticks - before, last + 4);
}
