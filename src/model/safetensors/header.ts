// The header of a .safetensors file: which tensors it holds, where each one lies, and whether the file can be trusted.
import { AppError } from '../../app-error.js';

/** Bytes an element takes, by the names the format uses. */
const BYTES_PER_ELEMENT = {
  F64: 8, I64: 8, U64: 8,
  F32: 4, I32: 4, U32: 4,
  F16: 2, BF16: 2, I16: 2, U16: 2,
  I8: 1, U8: 1, BOOL: 1, F8_E4M3: 1, F8_E5M2: 1,
} as const;

export type SafetensorsDtype = keyof typeof BYTES_PER_ELEMENT;

/** One stored tensor; `start` (included) and `end` (excluded) are byte offsets in the file. */
export interface StoredTensor {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: Map<string, StoredTensor>;
}

/** What is known of the file besides its first bytes. */
export interface SafetensorsFile {
  readonly name: string;
  readonly size: number; // bytes
}

const LENGTH_BYTES = 8;
/** The format's own limit; a longer header is not one. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Bytes from the start of the file that `parseHeader` needs, read from the first 8.
 * Throws `checkpoint.file_cut` or `checkpoint.header_too_long`.
 */
export function headerSize(firstBytes: Uint8Array, file: SafetensorsFile): number {
  if (file.size < LENGTH_BYTES || firstBytes.length < LENGTH_BYTES) {
    throw refusal('checkpoint.file_cut', file, `has ${file.size} bytes, too few for a safetensors file`);
  }
  const view = new DataView(firstBytes.buffer, firstBytes.byteOffset, LENGTH_BYTES);
  const length = view.getBigUint64(0, true);
  const size = BigInt(LENGTH_BYTES) + length;
  if (length > BigInt(MAX_HEADER_BYTES) || size > BigInt(file.size)) {
    throw refusal('checkpoint.header_too_long', file, `announces a header of ${length} bytes, but the file has ${file.size} bytes`);
  }
  return Number(size);
}

/**
 * Reads and checks the header. `bytes` may be the whole file or only its first `headerSize` bytes; with the latter, `file.size` is needed.
 * Throws `checkpoint.*` naming the file and, where there is one, the tensor.
 */
export function parseHeader(bytes: Uint8Array, file: SafetensorsFile = { name: 'safetensors', size: bytes.length }): SafetensorsHeader {
  const dataStart = headerSize(bytes, file);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(parseJson(bytes.subarray(LENGTH_BYTES, dataStart), file))) {
    // Spec 10: `__metadata__` is not a tensor; offsets count from the end of the header.
    if (name !== '__metadata__') tensors.set(name, readTensor(name, entry, dataStart, file));
  }
  refuseOverlaps(tensors, file);
  return { tensors };
}

function parseJson(bytes: Uint8Array, file: SafetensorsFile): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw refusal('checkpoint.header_invalid', file, 'has a header that is not JSON', undefined, cause);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw refusal('checkpoint.header_invalid', file, 'has a header that is not a JSON object');
  }
  return header as Record<string, unknown>;
}

function readTensor(name: string, entry: unknown, dataStart: number, file: SafetensorsFile): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== 'string' || !isShape(shape) || !isShape(offsets) || offsets.length !== 2) {
    throw refusal('checkpoint.header_invalid', file, `describes ${name} without a dtype, a shape or two offsets`, name);
  }
  if (!isKnownDtype(dtype)) throw refusal('checkpoint.dtype_unknown', file, `stores ${name} as ${dtype}, which is not known`, name);
  const [from = 0, to = 0] = offsets;
  const [start, end] = [dataStart + from, dataStart + to];
  if (from > to || end > file.size) {
    throw refusal('checkpoint.offset_out_of_file', file, `places ${name} at bytes ${start} to ${end} of ${file.size}; the file may be cut`, name);
  }
  const expected = shape.reduce((product, side) => product * side, BYTES_PER_ELEMENT[dtype]);
  if (to - from !== expected) {
    throw refusal('checkpoint.size_mismatch', file, `keeps ${to - from} bytes for ${name}, ${dtype} [${shape.join(', ')}], which takes ${expected}`, name);
  }
  return { dtype, shape, start, end };
}

function refuseOverlaps(tensors: Map<string, StoredTensor>, file: SafetensorsFile): void {
  const byStart = [...tensors].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  let previous: [string, StoredTensor] | undefined;
  for (const current of byStart) {
    if (previous && current[1].start < previous[1].end) {
      throw refusal('checkpoint.offsets_overlap', file, `places ${current[0]} over ${previous[0]}`, current[0]);
    }
    if (current[1].end > current[1].start) previous = current;
  }
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((side) => Number.isSafeInteger(side) && side >= 0);
}

function isKnownDtype(dtype: string): dtype is SafetensorsDtype {
  return Object.hasOwn(BYTES_PER_ELEMENT, dtype);
}

function refusal(code: `checkpoint.${string}`, file: SafetensorsFile, what: string, tensor?: string, cause?: unknown): AppError {
  return new AppError(code, `${file.name} ${what}.`, { cause, details: { file: file.name, ...(tensor === undefined ? {} : { tensor }) } });
}
