// Ascending times as few bytes: ten hours at a constant rate are some ten kilobytes.
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Distances between neighbours, the first from 0, as float64, deflated: equal distances cost next to nothing. */
export function packTimes(times: Float64Array): Buffer {
  const distances = new Float64Array(times.length);
  let before = 0;
  for (let k = 0; k < times.length; k++) {
    distances[k] = times[k]! - before;
    before = times[k]!;
  }
  return deflateRawSync(new Uint8Array(distances.buffer));
}

/** Ten hours at 25 pictures a second are inflated in one piece: put together from many, they would be there twice for a moment. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** The inverse; exact, as times are integers below 2^53. */
export function unpackTimes(packed: Buffer): Float64Array {
  const bytes = inflateRawSync(packed, { chunkSize: PIECE_BYTES });
  const times = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  for (let k = 1; k < times.length; k++) times[k]! += times[k - 1]!;
  return times;
}
