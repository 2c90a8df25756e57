// A file that is found again whole or not at all: a description, bytes, and a checksum over both.
import { createHash } from 'node:crypto';

const CHECKSUM_BYTES = 32;
const LENGTH_BYTES = 4;

/** Length of the description (uint32), the description as JSON, the bytes, sha-256 of all before it; little-endian. */
export function seal(description: unknown, bytes: readonly Uint8Array[]): Uint8Array {
  const text = Buffer.from(JSON.stringify(description));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.length);
  const parts = [length, text, ...bytes];
  return Buffer.concat([...parts, checksum(parts)]);
}

/** Undefined for what is no whole record. The bytes are a view. */
export function unseal(record: Uint8Array): { description: unknown; bytes: Uint8Array } | undefined {
  const all = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  const end = all.length - CHECKSUM_BYTES;
  if (end < LENGTH_BYTES || !checksum([all.subarray(0, end)]).equals(all.subarray(end))) return undefined;
  const start = LENGTH_BYTES + all.readUInt32LE();
  return { description: JSON.parse(all.toString('utf8', LENGTH_BYTES, start)) as unknown, bytes: all.subarray(start, end) };
}

function checksum(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
