// Reads stretches of stored weights as float32, whatever they are stored as.
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../app-error.js';
import { type StoredWeight } from '../../model/onnx/graph.js';
import { widen } from '../../model/safetensors/widen.js';

const BYTES = { float32: 4, float16: 2, bfloat16: 2 } as const;

export class WeightReader {
  private readonly files = new Map<string, FileHandle>();

  constructor(private readonly folder: string) {}

  /** `count` values from value `from` on. */
  async read(weight: StoredWeight, from: number, count: number): Promise<Float32Array> {
    const size = BYTES[weight.type];
    const bytes = new Uint8Array(count * size);
    const file = await this.fileOf(weight.location);
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, weight.offset + from * size + done);
      if (bytesRead === 0) throw new AppError('checkpoint.file_cut', `${weight.location} ended while a weight was read.`);
      done += bytesRead;
    }
    const values = new Float32Array(count);
    widen(bytes, weight.type, values);
    return values;
  }

  async close(): Promise<void> {
    for (const file of this.files.values()) await file.close();
    this.files.clear();
  }

  private async fileOf(location: string): Promise<FileHandle> {
    const known = this.files.get(location);
    if (known) return known;
    const file = await open(join(this.folder, location));
    this.files.set(location, file);
    return file;
  }
}
