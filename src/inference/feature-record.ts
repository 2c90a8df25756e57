// What was seen of a window as one file: its plan, its size and its features, with a checksum over all of it.
import { type FramePlan } from '../model/grounding/frame-plan.js';
import { type Grid } from '../model/qwen2-5-vl/patches.js';
import { type Size } from '../model/qwen2-5-vl/smart-resize.js';
import { seal, unseal } from './sealed-record.js';

/** What the model saw of a window. */
export interface SeenWindow {
  readonly plan: FramePlan;
  readonly size: Size;
  readonly grid: Grid;
  readonly features: Float32Array; // [tokens, hidden]
}

/** Changes whenever a record is laid out or features are made in another way. */
export const RECORD_VERSION = 2;

function toRecord({ plan, size, grid, features }: SeenWindow): Uint8Array {
  return seal({ plan, size, grid, values: features.length }, [new Uint8Array(features.buffer, features.byteOffset, features.byteLength)]);
}

/** Undefined for bytes that are no whole record. */
function fromRecord(record: Uint8Array): SeenWindow | undefined {
  const opened = unseal(record);
  if (!opened) return undefined;
  const { plan, size, grid, values } = opened.description as Omit<SeenWindow, 'features'> & { values: number };
  const features = new Float32Array(values);
  new Uint8Array(features.buffer).set(opened.bytes); // copied, since the file's bytes need not lie on whole numbers
  return { plan, size, grid, features };
}

export const FEATURE_RECORD = { toRecord, fromRecord };
