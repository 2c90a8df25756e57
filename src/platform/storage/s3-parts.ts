// Parts in an object store: each piece an object `parts/<id>/<begin>-<bytes>` that is never written over, so that whoever reaches the store goes on.
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { AppError } from '../../app-error.js';
import { type S3Bucket } from './s3-bucket.js';
import { isKey, partPath } from './storage-key.js';

/** What is held in memory of a part that is being written, and what is lost of it with a process: nobody was told that it had arrived. */
const PIECE_BYTES = 8 * 1024 ** 2;
/** A last piece smaller than that is written anew with what comes behind it, so that no part has very many. */
const SMALL_BYTES = 1024 ** 2;
/** Over a slow line a piece is smaller, so that who asks sees the part grow, and less is lost. */
const PIECE_MS = 5000;

interface Piece {
  readonly key: string;
  /** Of its first byte, in the part. */
  readonly begin: number;
  readonly bytes: number;
  /** Bytes at its beginning that the pieces before it hold already: two requests may have written the same. */
  readonly skip: number;
}

const NAME = /^parts\/([0-9a-f-]{36})\/(\d+)-(\d+)$/;
/** Keys are listed in their order, so that begins are too. */
const nameOf = (id: string, begin: number, bytes: number): string => `${partPath(id)}/${String(begin).padStart(15, '0')}-${bytes}`;

export class S3Parts {
  constructor(private readonly bucket: S3Bucket) {}

  async bytes(id: string): Promise<number> {
    return endOf(await this.piecesOf(id));
  }

  /** Resolves with the bytes that the part has then. */
  async write(id: string, source: Readable, offset: number): Promise<number> {
    const pieces = await this.piecesOf(id);
    const last = pieces.at(-1);
    const small = last && endOf(pieces) === offset && last.bytes < SMALL_BYTES ? last : undefined;
    const bytes = small && (await this.bytesOf(small)); // undefined where another request has made it a longer one: all before `offset` is there
    const writer = new PieceWriter(this.bucket, id, small && bytes ? small.begin : offset);
    if (small && bytes) writer.outgrow(small.key, bytes);
    try {
      for await (const chunk of source) await writer.add(chunk as Buffer);
    } finally {
      await writer.flush();
    }
    return Math.max(endOf(pieces), writer.begin);
  }

  async *read(id: string): AsyncGenerator<Buffer> {
    for (const { key, bytes, skip } of await this.piecesOf(id)) {
      const { body } = await this.bucket.get(key, { start: skip, end: bytes - 1 }).catch((cause: unknown) => {
        throw isGone(cause) ? new AppError('storage.unreachable', `Part ${id} changes while it is read; try again.`, { cause }) : cause;
      });
      yield* body as AsyncIterable<Buffer>;
    }
  }

  async remove(id: string): Promise<void> {
    const keys: string[] = [];
    for await (const { key } of this.bucket.list(`${partPath(id)}/`)) keys.push(key);
    await this.bucket.remove(keys);
  }

  async all(): Promise<Map<string, number>> {
    const names = new Map<string, string[]>();
    for await (const { key } of this.bucket.list('parts/')) {
      const id = NAME.exec(key)?.[1];
      if (id === undefined || !isKey(id)) continue;
      const keys = names.get(id) ?? [];
      keys.push(key);
      names.set(id, keys);
    }
    return new Map([...names].map(([id, keys]) => [id, endOf(chainOf(keys))]));
  }

  private async bytesOf({ key }: Piece): Promise<Buffer | undefined> {
    try {
      return await buffer((await this.bucket.get(key)).body);
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  private async piecesOf(id: string): Promise<Piece[]> {
    const keys: string[] = [];
    for await (const { key } of this.bucket.list(`${partPath(id)}/`)) keys.push(key);
    return chainOf(keys);
  }
}

const isGone = (error: unknown): boolean => error instanceof AppError && error.code === 'storage.not_found';

/** The pieces that follow on each other from the beginning, of each stretch the longest. */
function chainOf(keys: readonly string[]): Piece[] {
  const found = keys
    .flatMap((key) => {
      const [, , begin, bytes] = NAME.exec(key) ?? [];
      return begin === undefined ? [] : [{ key, begin: Number(begin), bytes: Number(bytes) }];
    })
    .sort((a, b) => a.begin - b.begin || b.bytes - a.bytes);
  const chain: Piece[] = [];
  for (const piece of found) {
    const end = endOf(chain);
    if (piece.begin > end) break;
    if (piece.begin + piece.bytes > end) chain.push({ ...piece, skip: end - piece.begin });
  }
  return chain;
}

function endOf(chain: readonly Piece[]): number {
  const last = chain.at(-1);
  return last ? last.begin + last.bytes : 0;
}

/** Holds what comes until it is a piece. */
class PieceWriter {
  private held: Buffer[] = [];
  private bytes = 0;
  private begunAt = Date.now();
  private hasNew = false;
  private outgrown: string | undefined;

  constructor(
    private readonly bucket: S3Bucket,
    private readonly id: string,
    public begin: number,
  ) {}

  /** The next piece begins with the bytes of that one, which goes then. */
  outgrow(key: string, bytes: Buffer): void {
    this.outgrown = key;
    this.hold(bytes);
  }

  async add(chunk: Buffer): Promise<void> {
    this.hold(chunk);
    this.hasNew = true;
    const isLate = this.bytes >= SMALL_BYTES && Date.now() - this.begunAt >= PIECE_MS;
    if (this.bytes >= PIECE_BYTES || isLate) await this.flush();
  }

  async flush(): Promise<void> {
    if (!this.hasNew) return;
    const piece = Buffer.concat(this.held);
    const [begin, outgrown] = [this.begin, this.outgrown];
    this.begin += piece.length;
    Object.assign(this, { held: [], bytes: 0, hasNew: false, outgrown: undefined });
    await this.bucket.put(nameOf(this.id, begin, piece.length), piece);
    if (outgrown !== undefined) await this.bucket.remove([outgrown]);
    this.begunAt = Date.now();
  }

  private hold(chunk: Buffer): void {
    this.held.push(chunk);
    this.bytes += chunk.length;
  }
}
