// The state of uploads: every step is one write in Postgres, fenced where somebody works on one.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type Repository } from 'typeorm';
import { AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { type DueJob, dueJobs } from '../platform/database/due-jobs.js';
import { claim, FREE, giveBack, type Lease, writeFenced } from '../platform/database/lease.js';
import { type ReceivedObject, STORAGE, type Storage } from '../platform/storage/storage.js';
import { type Video, VideosService } from '../videos/index.js';
import { Upload } from './upload.entity.js';
import { receiveUpload } from './upload.job.js';

export interface ClaimedUpload {
  readonly lease: Lease;
  readonly upload: Upload;
}

/** What a source says of its video. */
export interface SourceFacts {
  readonly bytes: number | undefined;
  readonly validator: string | undefined;
}

/** Of an upload that is not at its end. */
export const OPEN = `status IN ('receiving', 'queued', 'processing')`;

/** Videos of one tenant that are fetched at a time, by however many workers: one that brings slow ones does not hold the places of all. */
const MOST_FETCHED = 4;
const HAS_PLACE = `(source NOT IN ('url', 's3') OR ${MOST_FETCHED} > (
  SELECT count(*) FROM uploads AS other
   WHERE other.tenant_id = row.tenant_id AND other.source IN ('url', 's3') AND other.status = 'processing' AND other.lease_until > now() AND other.id <> row.id))`;

/** Ended uploads are told of for so long; those of a folder for ever, as their files are to be taken once. */
const TOLD_DAYS = 30;

/** Uploads that a worker can go on with: neither what a client still sends, nor what there is no place for. */
const DUE = `SELECT id FROM uploads AS row WHERE status IN ('queued', 'processing') AND ${FREE} AND ${HAS_PLACE}`;
export const DUE_UPLOADS = [{ job: receiveUpload, sql: DUE }];

@Injectable()
export class UploadState {
  private readonly uploads: Repository<Upload>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly videos: VideosService,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.uploads = dataSource.getRepository(Upload);
  }

  /** Bytes that have arrived. */
  async received({ id, status, bytes }: Upload): Promise<number> {
    if (status === 'ready') return Number(bytes);
    return status === 'failed' || status === 'canceled' ? 0 : this.storage.partBytes(id);
  }

  /** Whether all that a client has to send has arrived. */
  async isWhole(upload: Upload): Promise<boolean> {
    return upload.bytes !== null && (await this.received(upload)) === Number(upload.bytes);
  }

  /** Claims an upload for whoever fetches it or makes a video of it; one that its client still sends is not to be had, nor one of a tenant that has as many places as it may: whoever ends one of these rings for it. */
  async claim(id: string, owner: string): Promise<ClaimedUpload | undefined> {
    const found = await this.uploads.findOneBy({ id });
    if (!found || (found.status === 'receiving' && !(await this.isWhole(found)))) return undefined;
    const lease = await claim(this.dataSource, 'uploads', id, { owner, leaseSeconds: this.config.LEASE_SECONDS, where: `${OPEN} AND ${HAS_PLACE}`, set: `status = 'processing', begun_at = COALESCE(begun_at, now())` });
    const upload = lease && (await this.uploads.findOneBy({ id }));
    return upload ? { lease, upload } : undefined;
  }

  async learn({ lease }: ClaimedUpload, { bytes, validator }: SourceFacts): Promise<void> {
    await this.dataSource.transaction((manager) => writeFenced(manager, lease, 'bytes = $3, validator = $4', [bytes ?? null, validator ?? null]));
  }

  /** Makes a video of the whole part, or of what was received past it, and both are written at once. Rejects as `VideosService.accept` does, or with `lease.lost`. */
  async accept({ lease, upload }: ClaimedUpload, past?: ReceivedObject): Promise<void> {
    const { id, tenantId, name } = upload;
    const received = past ?? (await this.storage.storePart(id));
    const ready = (manager: EntityManager, video: Video, duplicate: boolean): Promise<void> =>
      writeFenced(manager, lease, `status = 'ready', video_id = $3, duplicate = $4, bytes = $5, finished_at = now(), lease_until = NULL`, [video.id, duplicate, received.bytes]);
    await this.videos.accept(received, { tenantId, name }, ready);
    await this.storage.removePart(id);
  }

  async fail({ lease, upload }: ClaimedUpload, { code, message }: AppError): Promise<void> {
    const set = `status = 'failed', error_code = $3, error_message = $4, finished_at = now(), lease_until = NULL`;
    await this.dataSource.transaction((manager) => writeFenced(manager, lease, set, [code, message]));
    await this.storage.removePart(upload.id);
  }

  /** Whoever waits for it is told why. */
  async noteFault({ lease }: ClaimedUpload, { code, message }: AppError): Promise<void> {
    await this.dataSource.transaction((manager) => writeFenced(manager, lease, 'last_error = $3', [JSON.stringify({ code, message })]));
  }

  giveBack({ lease, upload }: ClaimedUpload, options: { refund: boolean }): Promise<void> {
    return giveBack(this.dataSource, lease, upload.attempt, { ...options, set: `status = 'queued'` });
  }

  /** Ends an open upload, whoever works on it; false where it had ended. */
  async cancel(id: string): Promise<boolean> {
    const [, count] = await this.dataSource.query<[unknown[], number]>(
      `UPDATE uploads SET status = 'canceled', finished_at = now(), lease_until = NULL, updated_at = now() WHERE id = $1 AND ${OPEN}`,
      [id],
    );
    if (count === 1) await this.storage.removePart(id);
    return count === 1;
  }

  /** The next upload of the tenant, where this one has ended: it has left a place. */
  async next({ upload: { id, tenantId } }: ClaimedUpload): Promise<string | undefined> {
    const ended = 'EXISTS (SELECT 1 FROM uploads WHERE id = $2 AND finished_at IS NOT NULL)';
    const [next] = await this.dataSource.query<{ id: string }[]>(`${DUE} AND tenant_id = $1 AND ${ended} ORDER BY id LIMIT 1`, [tenantId, id]);
    return next?.id;
  }

  due(): Promise<DueJob[]> {
    return dueJobs(this.dataSource, DUE_UPLOADS);
  }

  /** Leaves to a worker what is whole, ends what no client has gone on with for long, and clears away what belongs to no open upload. */
  async clear(): Promise<void> {
    const parts = await this.storage.parts();
    await this.queueWhole(parts);
    const stale = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM uploads WHERE status = 'receiving' AND updated_at < now() - make_interval(secs => $1)`,
      [this.config.UPLOAD_EXPIRES_HOURS * 3600],
    );
    for (const { id } of stale) await this.cancel(id);
    await this.dataSource.query(`DELETE FROM uploads WHERE source <> 'folder' AND finished_at < now() - make_interval(days => ${TOLD_DAYS})`);
    const ids = [...parts.keys()];
    const open = await this.dataSource.query<{ id: string }[]>(`SELECT id FROM uploads WHERE id = ANY($1) AND ${OPEN}`, [ids]);
    const kept = new Set(open.map(({ id }) => id));
    for (const id of ids) if (!kept.has(id)) await this.storage.removePart(id);
  }

  /** Where a process was killed after the last byte, nobody else knows that it came. */
  private async queueWhole(parts: ReadonlyMap<string, number>): Promise<void> {
    for (const { id, bytes } of await this.uploads.findBy({ status: 'receiving' })) {
      if (bytes === null || (parts.get(id) ?? 0) !== Number(bytes)) continue;
      await this.uploads.update({ id, status: 'receiving' }, { status: 'queued', updatedAt: new Date() });
    }
  }
}
