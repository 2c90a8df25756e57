// The embedding matrix of a checkpoint, read row by row from its file: it can be larger than all else a small machine holds.
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../app-error.js';
import { type StoredWeight } from '../model/onnx/graph.js';
import { widen } from '../model/safetensors/widen.js';

export class EmbeddingTable {
  readonly width: number;
  private readonly file: number;
  private readonly rowBytes: number;

  constructor(private readonly weight: StoredWeight, weightsFolder: string) {
    const [rows = 0, width = 0] = weight.shape;
    this.width = width;
    this.rowBytes = weight.byteLength / rows;
    this.file = openSync(join(weightsFolder, weight.location), 'r');
  }

  /** Writes the row of token `id` to `target`, [width]. */
  read(id: number, target: Float32Array): void {
    const bytes = new Uint8Array(this.rowBytes);
    const read = readSync(this.file, bytes, 0, this.rowBytes, this.weight.offset + id * this.rowBytes);
    if (read !== this.rowBytes) throw new AppError('checkpoint.file_cut', `${this.weight.location} ended while token ${id} was looked up.`);
    widen(bytes, this.weight.type, target);
  }

  close(): void {
    closeSync(this.file);
  }
}
