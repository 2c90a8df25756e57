// What was seen of a window as one file: its plan, its size and its features, with a checksum over all of it.
import { createHash } from 'node:crypto';
import { type FramePlan } from '../model/grounding/frame-plan.js';
import { type Grid } from '../model/qwen2-5-vl/patches.js';
import { type Size } from '../model/qwen2-5-vl/smart-resize.js';

/** What the model saw of a window. */
export interface SeenWindow {
  readonly plan: FramePlan;
  readonly size: Size;
  readonly grid: Grid;
  readonly features: Float32Array; // [tokens, hidden]
}

/** Changes whenever a record is laid out or features are made in another way. */
export const RECORD_VERSION = 1;

const CHECKSUM_BYTES = 32;
const LENGTH_BYTES = 4;

/** Length of the description (uint32), the description as JSON, the features (float32), sha-256 of all before it; little-endian. */
export function toRecord({ plan, size, grid, features }: SeenWindow): Uint8Array {
  const description = Buffer.from(JSON.stringify({ plan, size, grid, values: features.length }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(description.length);
  const body = [length, description, new Uint8Array(features.buffer, features.byteOffset, features.byteLength)];
  return Buffer.concat([...body, checksum(body)]);
}

/** Undefined for bytes that are no whole record. */
export function fromRecord(record: Uint8Array): SeenWindow | undefined {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < LENGTH_BYTES || !checksum([bytes.subarray(0, end)]).equals(bytes.subarray(end))) return undefined;
  const start = LENGTH_BYTES + bytes.readUInt32LE();
  const { plan, size, grid, values } = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, start)) as Omit<SeenWindow, 'features'> & { values: number };
  const features = new Float32Array(values);
  new Uint8Array(features.buffer).set(bytes.subarray(start, end)); // copied, since the file's bytes need not lie on whole numbers
  return { plan, size, grid, features };
}

function checksum(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
