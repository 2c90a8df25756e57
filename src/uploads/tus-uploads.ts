// Uploads that their clients send in pieces: begun, gone on with, and made videos of when the last piece is there.
import { Inject, Injectable } from '@nestjs/common';
import { hostname } from 'node:os';
import type { Readable } from 'node:stream';
import { DataSource, type Repository } from 'typeorm';
import { AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { whileLeased } from '../platform/database/lease.js';
import { cleanName, storable } from '../platform/http/text.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { STORAGE, type Storage } from '../platform/storage/index.js';
import { type Checksum } from './checksum.js';
import { requireFewOpen, requireQuotaOfOpen } from './open-uploads.js';
import { writeChecked } from './part-writer.js';
import { Upload } from './upload.entity.js';
import { receiveUpload } from './upload.job.js';
import { UploadsService } from './uploads.service.js';
import { UploadState } from './upload-state.js';

export interface NewPart {
  readonly id: string;
  readonly bytes: number | undefined;
  readonly metadata: Readonly<Record<string, string | null>>;
}

export interface SentPiece {
  readonly id: string;
  readonly source: Readable;
  readonly offset: number;
  readonly checksum: Checksum | undefined;
}

@Injectable()
export class TusUploads {
  readonly expiresMs: number;
  readonly maxBytes: number;
  private readonly rows: Repository<Upload>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly uploads: UploadsService,
    private readonly state: UploadState,
    @Inject(QUEUE) private readonly queue: Queue,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.rows = dataSource.getRepository(Upload);
    this.expiresMs = config.UPLOAD_EXPIRES_HOURS * 3_600_000;
    this.maxBytes = config.UPLOAD_MAX_BYTES;
  }

  /** Rejects with `storage.full`, `quota.*` or `upload.too_many_open` where there is no room for all of it. */
  async begin(tenantId: string, { id, bytes, metadata }: NewPart): Promise<void> {
    if (!Object.entries(metadata).flat().every((text) => text === null || storable(text))) {
      throw new AppError('upload.invalid_header', 'Upload-Metadata: must hold text without NUL.');
    }
    await this.storage.requireRoom({ partBytes: bytes ?? 0, objectBytes: bytes ?? 0 });
    const name = cleanName(metadata['filename'] ?? metadata['name'] ?? undefined);
    await this.dataSource.transaction(async (manager) => {
      await requireFewOpen(manager, tenantId);
      await requireQuotaOfOpen(manager, this.config, tenantId, bytes ?? 0);
      await manager.insert(Upload, { id, tenantId, source: 'tus', name, metadata, status: 'receiving', bytes: bytes === undefined ? null : String(bytes), updatedAt: new Date() });
    });
  }

  /** Rejects with `upload.not_found`. */
  async find(id: string, tenantId: string): Promise<{ upload: Upload; received: number }> {
    const upload = await this.uploads.get(id, tenantId);
    if (upload.source !== 'tus') throw new AppError('upload.not_found', `Upload ${id} is not sent in pieces.`);
    return { upload, received: await this.state.received(upload) };
  }

  /** Resolves with the bytes that have arrived then. Rejects with `storage.full` or `upload.checksum_mismatch`, or as the source fails. */
  async write({ id, source, offset, checksum }: SentPiece): Promise<number> {
    try {
      return await (checksum ? writeChecked(this.storage, id, source, offset, checksum) : this.storage.writePart(id, source, offset));
    } finally {
      await this.rows.update({ id, status: 'receiving' }, { updatedAt: new Date() });
    }
  }

  /** The length of all of it; rejects with `storage.full` or `quota.*`. */
  async declare(id: string, tenantId: string, bytes: number): Promise<void> {
    await this.storage.requireRoom({ partBytes: bytes - (await this.storage.partBytes(id)), objectBytes: bytes });
    await this.dataSource.transaction(async (manager) => {
      await requireQuotaOfOpen(manager, this.config, tenantId, bytes);
      await manager.update(Upload, { id, status: 'receiving' }, { bytes: String(bytes) });
    });
  }

  /** Ends and forgets it; a video that it became stays. Rejects with `upload.not_found`. */
  async terminate(id: string, tenantId: string): Promise<void> {
    await this.uploads.get(id, tenantId);
    await this.state.cancel(id);
    await this.rows.delete({ id });
  }

  /**
   * Makes a video of it, once: whoever comes second finds it made, or being made. A refusal ends it with a code of `video` or `quota`; what
   * is not its own fault leaves it to a worker.
   */
  async finish(id: string, tenantId: string): Promise<Upload> {
    const claimed = await this.state.claim(id, `${hostname()}:${process.pid}:api`);
    if (claimed) {
      await whileLeased(this.dataSource, claimed.lease, { leaseSeconds: this.config.LEASE_SECONDS }, () => this.state.accept(claimed)).catch(async (error: unknown) => {
        const isRefusal = error instanceof AppError && /^(video|quota)\./.test(error.code);
        if (isRefusal) await this.state.fail(claimed, error);
        else await this.state.giveBack(claimed, { refund: true });
        if (!isRefusal) await this.queue.ring(receiveUpload, id);
        throw error;
      });
    }
    return this.uploads.get(id, tenantId);
  }
}
