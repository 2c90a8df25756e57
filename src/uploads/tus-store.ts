// What the tus server keeps of the uploads of one caller: a row in Postgres, and the bytes in the storage, whose length is the offset.
import { DataStore, ERRORS, Upload as TusUpload } from '@tus/server';
import type { Readable } from 'node:stream';
import { type Checksum } from './checksum.js';
import { type TusUploads } from './tus-uploads.js';

const EXTENSIONS = ['creation', 'creation-with-upload', 'creation-defer-length', 'termination', 'expiration', 'checksum'];

/** Errors are AppErrors, or those that the server itself knows. */
export class TusStore extends DataStore {
  constructor(
    private readonly uploads: TusUploads,
    private readonly tenantId: string,
    private readonly checksum: Checksum | undefined,
  ) {
    super();
    this.extensions = EXTENSIONS;
  }

  override async create(upload: TusUpload): Promise<TusUpload> {
    await this.uploads.begin(this.tenantId, { id: upload.id, bytes: upload.size, metadata: upload.metadata ?? {} });
    return upload;
  }

  override async getUpload(id: string): Promise<TusUpload> {
    const { upload, received } = await this.uploads.find(id, this.tenantId);
    if (upload.status === 'failed' || upload.status === 'canceled') throw ERRORS.FILE_NO_LONGER_EXISTS; // eslint-disable-line @typescript-eslint/only-throw-error -- what the server understands
    return new TusUpload({
      ...{ id, offset: received, metadata: { ...upload.metadata } },
      ...(upload.bytes !== null && { size: Number(upload.bytes) }),
      creation_date: upload.updatedAt.toISOString(), // it expires by its last sign of life
    });
  }

  override async write(source: Readable, id: string, offset: number): Promise<number> {
    const { upload } = await this.uploads.find(id, this.tenantId);
    if (upload.status !== 'receiving') return offset; // nothing is to come; its part may be gone
    return this.uploads.write({ id, source, offset, checksum: this.checksum });
  }

  override async declareUploadLength(id: string, bytes: number): Promise<void> {
    await this.uploads.declare(id, this.tenantId, bytes);
  }

  override async remove(id: string): Promise<void> {
    await this.uploads.terminate(id, this.tenantId);
  }

  override getExpiration(): number {
    return this.uploads.expiresMs;
  }
}
