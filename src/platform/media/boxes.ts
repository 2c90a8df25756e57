// The boxes of MP4 files: a length, four letters, and what is in it.

export const HEADER_BYTES = 8;

export interface Box {
  readonly type: string;
  /** A view: what is written into it is written into the whole. */
  readonly body: Buffer;
}

export function boxesOf(data: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + HEADER_BYTES <= data.length; ) {
    const length = data.readUInt32BE(at);
    if (length < HEADER_BYTES) break;
    boxes.push({ type: data.toString('latin1', at + 4, at + HEADER_BYTES), body: data.subarray(at + HEADER_BYTES, at + length) });
    at += length;
  }
  return boxes;
}

/** All boxes at the end of a path, such as `trak`, `mdia`, `mdhd`. */
export const boxesAt = (data: Buffer, [first, ...rest]: readonly string[]): Buffer[] =>
  first === undefined ? [data] : boxesOf(data).flatMap(({ type, body }) => (type === first ? boxesAt(body, rest) : []));
