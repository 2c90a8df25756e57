// One bucket of an object store: whole objects and ranges in, out and away. Every failure is an error of `storage`.
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { AppError } from '../../app-error.js';
import { type FileFacts } from './incoming-files.js';
import { asStorageError, bodyOf, statusOf } from './s3-client.js';
import { type ByteRange, type StoredObject } from './storage.js';

/** Larger files are sent in so many bytes at a time, held in memory so that they can be sent again. */
const PIECE_BYTES = 16 * 1024 ** 2;
/** More a store does not take of one file. */
const MOST_PIECES = 10_000;
const REMOVED_AT_ONCE = 16; // requests: not every store knows one for many

export interface BucketObject {
  readonly body: Readable;
  readonly bytes: number;
  /** 64 hex digits; undefined where it was not stored by this product. */
  readonly sha256: string | undefined;
}

export class S3Bucket {
  constructor(
    private readonly client: S3Client,
    private readonly name: string,
  ) {}

  /** Rejects unless the bucket is there for us. */
  async check(signal?: AbortSignal): Promise<void> {
    await this.client.send(new HeadBucketCommand({ Bucket: this.name }), { ...(signal && { abortSignal: signal }) }).catch((error: unknown) => {
      if (statusOf(error) === 404) throw new AppError('storage.no_bucket', `The object store has no bucket ${this.name}: make it, or set S3_BUCKET to another.`, { cause: error });
      throw asStorageError(error, `the bucket ${this.name}`);
    });
  }

  get(key: string, range?: ByteRange): Promise<BucketObject> {
    return this.asked(key, async () => {
      const wanted = range && { Range: `bytes=${range.start}-${range.end}` };
      const answer = await this.client.send(new GetObjectCommand({ ...this.at(key), ...wanted }));
      const body = bodyOf(answer, (cause) => asStorageError(cause, key));
      return { body, bytes: answer.ContentLength ?? 0, sha256: answer.Metadata?.['sha256'] };
    });
  }

  has(key: string): Promise<boolean> {
    return this.asked(key, async () => {
      try {
        await this.client.send(new HeadObjectCommand(this.at(key)));
        return true;
      } catch (error) {
        if (statusOf(error) === 404) return false;
        throw error;
      }
    });
  }

  async put(key: string, bytes: Buffer, sha256?: string): Promise<void> {
    const Metadata = sha256 === undefined ? {} : { sha256 };
    await this.asked(key, () => this.client.send(new PutObjectCommand({ ...this.at(key), ...summed(bytes), Metadata })));
  }

  /** Whatever goes wrong, nothing of it is kept; of a process that is killed meanwhile the store keeps pieces until its own rule for them. */
  async putFile(key: string, path: string, { bytes, sha256 }: FileFacts): Promise<void> {
    const file = await open(path, 'r');
    try {
      if (bytes <= PIECE_BYTES) await this.put(key, await readPiece(file, 0, bytes), sha256);
      else await this.asked(key, () => this.putPieces(key, file, { bytes, sha256 }));
    } finally {
      await file.close();
    }
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += REMOVED_AT_ONCE) {
      const some = keys.slice(from, from + REMOVED_AT_ONCE);
      await Promise.all(some.map((key) => this.asked(key, () => this.client.send(new DeleteObjectCommand(this.at(key))))));
    }
  }

  /** Everything whose key begins so, in the order of the keys. */
  async *list(prefix: string): AsyncGenerator<StoredObject> {
    let next: string | undefined;
    do {
      const page = await this.asked(prefix, () =>
        this.client.send(new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix, ...(next !== undefined && { ContinuationToken: next }) })),
      );
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        if (Key !== undefined) yield { key: Key, bytes: Size ?? 0, storedAt: LastModified ?? new Date() };
      }
      next = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (next !== undefined);
  }

  private async putPieces(key: string, file: FileHandle, { bytes, sha256 }: FileFacts): Promise<void> {
    const { UploadId } = await this.client.send(new CreateMultipartUploadCommand({ ...this.at(key), Metadata: { sha256 } }));
    const upload = { ...this.at(key), UploadId };
    const size = Math.max(PIECE_BYTES, Math.ceil(bytes / MOST_PIECES));
    try {
      const Parts: CompletedPart[] = [];
      for (let start = 0; start < bytes; start += size) {
        const PartNumber = Parts.length + 1;
        const piece = await readPiece(file, start, Math.min(size, bytes - start));
        const { ETag } = await this.client.send(new UploadPartCommand({ ...upload, PartNumber, ...summed(piece) }));
        Parts.push({ PartNumber, ETag });
      }
      await this.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    } catch (error) {
      await this.client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined); // the first error is the one to tell
      throw error;
    }
  }

  private async asked<T>(key: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw asStorageError(error, key);
    }
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.name, Key: key };
  }
}

/** With the sum that every store checks. */
const summed = (bytes: Buffer) => ({ Body: bytes, ContentLength: bytes.length, ContentMD5: createHash('md5').update(bytes).digest('base64') });

async function readPiece(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const piece = Buffer.alloc(length);
  for (let read = 0; read < length; ) {
    const { bytesRead } = await file.read(piece, read, length - read, position + read);
    if (bytesRead === 0) throw new Error(`the file ends ${length - read} bytes early`);
    read += bytesRead;
  }
  return piece;
}
