// The state of proxies: asked for once, made under a lease, there for whoever asks next.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { type DueJob, dueJobs } from '../platform/database/due-jobs.js';
import { claim, FREE, giveBack, type Lease, writeFenced } from '../platform/database/lease.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { requireVideoQuota } from '../quotas/index.js';
import { holdVideo, type Video } from '../videos/index.js';
import { Proxy } from './proxy.entity.js';
import { makeProxy } from './proxy.job.js';

export interface ClaimedProxy {
  readonly lease: Lease;
  readonly attempt: number;
}

export interface MadeProxy {
  readonly key: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
}

const OPEN = `status IN ('queued', 'processing')`;

export const DUE_PROXIES = [{ job: makeProxy, sql: `SELECT id FROM proxies WHERE ${OPEN} AND ${FREE}` }];

/** What at least one of the usual browsers does not play. */
const UNPLAYABLE = `NOT (container ~ 'mp4' AND codec IN ('h264', 'vp8', 'vp9', 'av1') OR container ~ 'webm' AND codec IN ('vp8', 'vp9', 'av1'))`; // ffprobe tells no WebM from another Matroska
const QUEUED_AT_ONCE = 100;

@Injectable()
export class ProxyState {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(QUEUE) private readonly queue: Queue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Asks for one; one that failed is tried again. Rejects with `quota.stored_bytes` where there is no room for a new one. */
  async ask({ id, tenantId }: Video): Promise<Proxy> {
    await this.dataSource.transaction(async (manager) => {
      const [made] = await manager.query<{ id: string }[]>(
        `INSERT INTO proxies (id, status) VALUES ($1, 'queued') ON CONFLICT (id) DO UPDATE
           SET status = 'queued', error_code = NULL, error_message = NULL, attempt = 0, not_before = NULL WHERE proxies.status = 'failed' RETURNING id`,
        [id],
      );
      if (made) await requireVideoQuota(manager, this.config, { tenantId, bytes: 1, duration: 0 });
    });
    const proxy = await this.get(id);
    if (proxy.status === 'queued') await this.queue.ring(makeProxy, id);
    return proxy;
  }

  /** Rejects with `proxy.not_found`. */
  async get(videoId: string): Promise<Proxy> {
    const proxy = await this.dataSource.getRepository(Proxy).findOneBy({ id: videoId });
    if (!proxy) throw new AppError('proxy.not_found', `Nobody has asked for a proxy of video ${videoId}; POST to /v1/videos/${videoId}/proxy.`);
    return proxy;
  }

  async claim(id: string, owner: string): Promise<ClaimedProxy | undefined> {
    const lease = await claim(this.dataSource, 'proxies', id, { owner, leaseSeconds: this.config.LEASE_SECONDS, where: OPEN, set: `status = 'processing', seconds_done = 0` });
    return lease && { lease, attempt: (await this.get(id)).attempt };
  }

  /** Rejects with `lease.lost`. */
  async progress({ lease }: ClaimedProxy, seconds: number): Promise<void> {
    await this.dataSource.transaction((manager) => writeFenced(manager, lease, 'seconds_done = $3', [seconds]));
  }

  /** Rejects with `lease.lost`, for a video that lost its content meanwhile too, or with `quota.stored_bytes` where there is no room for it. */
  async finish({ lease }: ClaimedProxy, { key, bytes, width, height }: MadeProxy): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [video] = await manager.query<{ tenantId: string }[]>('SELECT tenant_id AS "tenantId" FROM videos WHERE id = $1', [lease.id]);
      if (video) await requireVideoQuota(manager, this.config, { ...video, bytes, duration: 0 });
      await holdVideo(manager, lease.id);
      await writeFenced(manager, lease, `status = 'ready', storage_key = $3, bytes = $4, width = $5, height = $6, lease_until = NULL`, [key, bytes, width, height]);
    });
  }

  async fail({ lease }: ClaimedProxy, { code, message }: AppError): Promise<void> {
    await this.dataSource.transaction((manager) => writeFenced(manager, lease, `status = 'failed', error_code = $3, error_message = $4, lease_until = NULL`, [code, message]));
  }

  giveBack({ lease, attempt }: ClaimedProxy, options: { refund: boolean }): Promise<void> {
    return giveBack(this.dataSource, lease, attempt, options);
  }

  async due(): Promise<DueJob[]> {
    if (this.config.PROXIES === 'arrival') await this.askForMissing();
    return dueJobs(this.dataSource, DUE_PROXIES);
  }

  private async askForMissing(): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO proxies (id, status)
       SELECT id, 'queued' FROM videos WHERE status = 'ready' AND content_removed_at IS NULL AND ${UNPLAYABLE} AND NOT EXISTS (SELECT 1 FROM proxies WHERE proxies.id = videos.id)
        ORDER BY id LIMIT ${QUEUED_AT_ONCE} ON CONFLICT DO NOTHING`,
    );
  }
}
