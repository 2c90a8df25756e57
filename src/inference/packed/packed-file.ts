// Writes the weights of a checkpoint to one file as a scheme packs them, tensor by tensor, so that memory stays small.
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { type StoredWeight } from '../../model/onnx/graph.js';
import { type PackedLinear, type PackedLinears } from '../../model/qwen2-5-vl/packed-linear.js';
import { type PackedForm, packedForms, type PackingScheme } from '../../model/qwen2-5-vl/packing.js';
import { type Weights } from '../../model/qwen2-5-vl/weights.js';
import { blocksOf, quantizeBlocks } from '../../model/quantization/block-quantization.js';
import { quantizeColumns } from '../../model/quantization/column-quantization.js';
import { type Checkpoint } from '../checkpoint.js';
import { addsBytesIn32Bits } from './machine-key.js';
import { WeightReader } from './weight-reader.js';

export interface PackedFile {
  /** What is not packed: norms and biases, as float32. */
  readonly weights: Weights;
  readonly packed: PackedLinears;
}

/** Values that are widened and packed at a time. */
const STRIDE_VALUES = 2 ** 24;
/** The runtime maps what begins on a page. */
const PAGE_BYTES = 4096;

/** Locations are relative to the folder of `path`. */
export async function writePackedFile(checkpoint: Checkpoint, scheme: PackingScheme, path: string): Promise<PackedFile> {
  const forms = packedForms(checkpoint.config, checkpoint.weights, scheme);
  const reader = new WeightReader(checkpoint.weightsFolder);
  const file = new PageFile(await open(path, 'wx'), basename(path));
  try {
    const weights = new Map<string, StoredWeight>();
    const packed = new Map<string, PackedLinear>();
    for (const [name, weight] of checkpoint.weights) {
      const form = forms.get(name.replace(/\.weight$/, ''));
      if (form && name.endsWith('.weight')) packed.set(name.replace(/\.weight$/, ''), await packLinear(file, reader, weight, form));
      else if (name !== 'model.embed_tokens.weight') weights.set(name, await copyAsFloat32(file, reader, weight));
    }
    return { weights, packed };
  } finally {
    await file.close();
    await reader.close();
  }
}

async function copyAsFloat32(file: PageFile, reader: WeightReader, weight: StoredWeight): Promise<StoredWeight> {
  const values = await reader.read(weight, 0, sizeOf(weight.shape));
  return { ...(await file.write([values])), type: 'float32', shape: weight.shape };
}

async function packLinear(file: PageFile, reader: WeightReader, weight: StoredWeight, form: PackedForm): Promise<PackedLinear> {
  const [outputs = 0, inputs = 0] = weight.shape;
  if (form.kind === 'columns') {
    const { numbers, scales } = quantizeColumns(await reader.read(weight, 0, outputs * inputs), inputs, addsBytesIn32Bits() ? 127 : 63);
    return {
      kind: 'columns',
      numbers: { ...(await file.write([numbers])), type: 'int8', shape: [inputs, outputs] },
      scales: { ...(await file.write([scales])), type: 'float32', shape: [outputs] },
    };
  }
  const rows = Math.max(1, Math.floor(STRIDE_VALUES / inputs));
  const parts: { numbers: Uint8Array; scales: Float32Array }[] = [];
  for (let row = 0; row < outputs; row += rows) {
    const values = await reader.read(weight, row * inputs, Math.min(rows, outputs - row) * inputs);
    parts.push(quantizeBlocks(values, inputs, form));
  }
  const blocks = blocksOf(inputs, form);
  const shape = [outputs, blocks, (form.blockSize * form.bits) / 8];
  return {
    ...{ ...form, inputs, outputs },
    numbers: { ...(await file.write(parts.map(({ numbers }) => numbers))), type: 'uint8', shape },
    scales: { ...(await file.write(parts.map(({ scales }) => scales))), type: 'float32', shape: [outputs * blocks] },
  };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

class PageFile {
  private end = 0;

  constructor(
    private readonly handle: FileHandle,
    private readonly location: string,
  ) {}

  /** The parts one after the other, from the next page on. */
  async write(parts: readonly ArrayBufferView[]): Promise<Pick<StoredWeight, 'location' | 'offset' | 'byteLength'>> {
    const offset = Math.ceil(this.end / PAGE_BYTES) * PAGE_BYTES;
    let byteLength = 0;
    for (const { buffer, byteOffset, byteLength: length } of parts) {
      const bytes = new Uint8Array(buffer, byteOffset, length);
      for (let done = 0; done < length; ) done += (await this.handle.write(bytes, done, length - done, offset + byteLength + done)).bytesWritten;
      byteLength += length;
    }
    this.end = offset + byteLength;
    return { location: this.location, offset, byteLength };
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
