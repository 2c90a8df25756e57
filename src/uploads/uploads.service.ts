// Uploads as their owners see and begin them.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type Repository } from 'typeorm';
import { AppError } from '../app-error.js';
import { newId } from '../platform/database/id.js';
import { newestFirst } from '../platform/database/newest-first.js';
import { type PageQuery } from '../platform/http/cursor.js';
import { GuardedFetch } from '../platform/http/guarded-fetch.js';
import { cleanName } from '../platform/http/text.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { ImportBuckets } from '../platform/storage/index.js';
import { type FileVersion, writeVersion } from './file-version.js';
import { requireFewOpen } from './open-uploads.js';
import { writeObjectUrl } from './object-url.js';
import { Upload } from './upload.entity.js';
import { receiveUpload } from './upload.job.js';
import { type ImportBody } from './upload.schema.js';
import { UploadState } from './upload-state.js';

@Injectable()
export class UploadsService {
  private readonly uploads: Repository<Upload>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly state: UploadState,
    private readonly fetch: GuardedFetch,
    private readonly buckets: ImportBuckets,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {
    this.uploads = dataSource.getRepository(Upload);
  }

  /**
   * A video that a worker is to fetch. Rejects with `address.refused` where the URL alone tells, with `import.bucket_forbidden`, or with
   * `upload.too_many_open`.
   */
  async importFrom(tenantId: string, body: ImportBody): Promise<Upload> {
    const source = this.sourceOf(tenantId, body);
    const id = newId();
    await this.dataSource.transaction(async (manager) => {
      await requireFewOpen(manager, tenantId);
      await manager.insert(Upload, { id, tenantId, ...source, name: body.name ?? source.name, status: 'queued', updatedAt: new Date() });
    });
    await this.queue.ring(receiveUpload, id);
    return this.get(id, tenantId);
  }

  private sourceOf(tenantId: string, body: ImportBody): Pick<Upload, 'source' | 'location' | 'name'> {
    if ('url' in body) {
      this.fetch.check(body.url);
      return { source: 'url', location: body.url, name: nameIn(body.url) };
    }
    this.buckets.check(body, tenantId);
    return { source: 's3', location: writeObjectUrl(body), name: cleanName(body.key) };
  }

  /** A file of a watched folder, as it is now: taken once, whoever finds it; false where it was before. */
  async takeFile(tenantId: string, file: FileVersion): Promise<boolean> {
    const id = newId();
    const values = { id, tenantId, source: 'folder', name: cleanName(file.path), location: writeVersion(file), bytes: String(file.bytes), status: 'queued', updatedAt: new Date() } as const;
    const inserted = await this.uploads.createQueryBuilder().insert().values(values).orIgnore().returning('id').execute();
    const taken = (inserted.raw as unknown[]).length > 0;
    if (taken) await this.queue.ring(receiveUpload, id);
    return taken;
  }

  /** Newest first. */
  list(tenantId: string, page: PageQuery) {
    return newestFirst(this.uploads, { tenantId }, page);
  }

  /** Rejects with `upload.not_found`, for an upload of another tenant too. */
  async get(id: string, tenantId: string): Promise<Upload> {
    const upload = await this.uploads.findOneBy({ id, tenantId });
    if (!upload) throw new AppError('upload.not_found', `There is no upload ${id}.`);
    return upload;
  }

  /** Rejects with `upload.not_found`, or with `upload.finished` where there is nothing to cancel. */
  async cancel(id: string, tenantId: string): Promise<Upload> {
    const { status } = await this.get(id, tenantId);
    const canceled = await this.state.cancel(id);
    if (!canceled && status !== 'canceled') throw new AppError('upload.finished', `Upload ${id} has ended; what it became is a video.`);
    return this.get(id, tenantId);
  }
}

/** The last step of a path, as it is written there. */
function nameIn(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return cleanName(decodeURIComponent(last));
  } catch {
    return cleanName(last);
  }
}
