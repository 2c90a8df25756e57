// Reads vector files: JSON, and the tensors that lie beside them in the safetensors format.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseHeader } from '../model/safetensors/header.js';

/** A JSON vector file; its layout is the caller's knowledge. */
export async function readVectors<T>(directory: string, file: string): Promise<T> {
  return JSON.parse(await readFile(join(directory, file), 'utf8')) as T;
}

export type TensorData = Float32Array | Int32Array | Uint8Array;

export interface Tensor<Data extends TensorData = TensorData> {
  readonly shape: readonly number[];
  readonly data: Data;
}

/** The tensors of a vector file by name; 64-bit integers become 32-bit ones. */
export class TensorFile {
  private constructor(private readonly tensors: ReadonlyMap<string, Tensor>) {}

  static async read(directory: string, file: string): Promise<TensorFile> {
    const bytes = await readFile(join(directory, file));
    const { tensors } = parseHeader(bytes, { name: file, size: bytes.length });
    return new TensorFile(new Map([...tensors].map(([name, { dtype, shape, start, end }]) => [name, { shape, data: decode(dtype, bytes.subarray(start, end)) }])));
  }

  names(): string[] {
    return [...this.tensors.keys()];
  }

  floats(name: string): Tensor<Float32Array> {
    return this.get(name, Float32Array);
  }

  integers(name: string): Tensor<Int32Array> {
    return this.get(name, Int32Array);
  }

  bytes(name: string): Tensor<Uint8Array> {
    return this.get(name, Uint8Array);
  }

  private get<Data extends TensorData>(name: string, kind: abstract new (...args: never[]) => Data): Tensor<Data> {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new Error(`there is no tensor ${name}`);
    if (!(tensor.data instanceof kind)) throw new Error(`tensor ${name} has another type than expected`);
    return { shape: tensor.shape, data: tensor.data };
  }
}

function decode(dtype: string, bytes: Uint8Array): TensorData {
  const { buffer } = new Uint8Array(bytes); // a copy, aligned whatever the offset in the file
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'I32':
      return new Int32Array(buffer);
    case 'I64':
      return Int32Array.from(new BigInt64Array(buffer), Number);
    case 'U8':
      return new Uint8Array(buffer);
    default:
      throw new Error(`tensors of type ${dtype} do not occur in vector files`);
  }
}
