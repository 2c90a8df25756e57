// A list of numbers that may hold every frame of ten hours: eight bytes or four each, growing without a copy.

const BLOCK = 65_536; // numbers

type Block = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

export class NumberList {
  private readonly blocks: Block[] = [];
  length = 0;

  constructor(private readonly kind: typeof Float64Array | typeof Uint32Array = Float64Array) {}

  push(value: number): void {
    const at = this.length % BLOCK;
    if (at === 0) this.blocks.push(new this.kind(BLOCK));
    this.blocks.at(-1)![at] = value;
    this.length += 1;
  }

  at(index: number): number | undefined {
    return index < this.length ? this.blocks[Math.floor(index / BLOCK)]?.[index % BLOCK] : undefined;
  }

  /** Position of the first such number, -1 without one. */
  indexOf(value: number): number {
    for (let i = 0; i < this.length; i++) if (this.at(i) === value) return i;
    return -1;
  }

  /** Sorted, each once. */
  ascending(): Float64Array {
    const all = new Float64Array(this.length);
    for (const [i, block] of this.blocks.entries()) all.set(block.subarray(0, Math.min(BLOCK, this.length - i * BLOCK)), i * BLOCK);
    all.sort();
    let kept = 0;
    for (const value of all) if (kept === 0 || value !== all[kept - 1]) all[kept++] = value;
    return kept === all.length ? all : all.slice(0, kept);
  }
}
