// The state of cuts: every step is one write in Postgres, fenced where a worker is at one.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { type DueJob, dueJobs } from '../platform/database/due-jobs.js';
import { claim, FREE, giveBack, type Lease, TAKE_LEASE, writeFenced } from '../platform/database/lease.js';
import { STORAGE, type Storage } from '../platform/storage/storage.js';
import { requireVideoQuota } from '../quotas/index.js';
import { holdVideo } from '../videos/index.js';
import { Cut, CutClip, CutFile } from './cut.entity.js';
import { renderCut } from './cut.job.js';

export interface ClaimedCut {
  readonly lease: Lease;
  readonly cut: Cut;
  readonly clips: readonly CutClip[];
}

export interface RenderedFile {
  readonly key: string;
  readonly bytes: number;
  readonly frames: number;
  readonly seconds: number;
}

/** Of a cut that is not at its end. */
export const OPEN = `status IN ('queued', 'processing')`;

export const DUE_CUTS = [{ job: renderCut, sql: `SELECT id FROM cuts WHERE ${OPEN} AND ${FREE}` }];

const REMOVED_AT_ONCE = 500;

@Injectable()
export class CutState {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async claim(id: string, owner: string): Promise<ClaimedCut | undefined> {
    const lease = await claim(this.dataSource, 'cuts', id, { owner, leaseSeconds: this.config.LEASE_SECONDS, where: OPEN, set: `status = 'processing', seconds_done = 0` });
    const cut = lease && (await this.dataSource.getRepository(Cut).findOneBy({ id }));
    if (!cut) return undefined;
    return { lease, cut, clips: await this.dataSource.getRepository(CutClip).find({ where: { cutId: id }, order: { ordinal: 'ASC' } }) };
  }

  /** Rejects with `lease.lost` when it was canceled or deleted, or has passed to another worker. */
  async progress({ lease }: ClaimedCut, seconds: number): Promise<void> {
    await this.dataSource.transaction((manager) => writeFenced(manager, lease, 'seconds_done = $3', [seconds]));
  }

  /** Its files and its end are written at once. Rejects with `lease.lost`, or with `quota.stored_bytes` where there is no room for them. */
  async finish({ lease, cut, clips }: ClaimedCut, files: readonly RenderedFile[]): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await requireVideoQuota(manager, this.config, { tenantId: cut.tenantId, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), duration: 0 });
      for (const id of [...new Set(clips.map(({ videoId }) => videoId))].sort()) await holdVideo(manager, id);
      await writeFenced(manager, lease, `status = 'ready', seconds_done = seconds, finished_at = now(), lease_until = NULL`);
      await manager.insert(CutFile, files.map(({ key, bytes, frames, seconds }, ordinal) => ({ cutId: cut.id, ordinal, storageKey: key, bytes: String(bytes), frames, seconds })));
    });
  }

  async fail({ lease }: ClaimedCut, { code, message }: AppError): Promise<void> {
    const set = `status = 'failed', error_code = $3, error_message = $4, finished_at = now(), lease_until = NULL`;
    await this.dataSource.transaction((manager) => writeFenced(manager, lease, set, [code, message]));
  }

  giveBack({ lease, cut }: ClaimedCut, options: { refund: boolean }): Promise<void> {
    return giveBack(this.dataSource, lease, cut.attempt, options);
  }

  /** False where it had ended. */
  async cancel(manager: EntityManager, id: string): Promise<boolean> {
    const [, count] = await manager.query<[unknown[], number]>(`UPDATE cuts SET status = 'canceled', finished_at = now(), ${TAKE_LEASE} WHERE id = $1 AND ${OPEN}`, [id]);
    return count === 1;
  }

  due(): Promise<DueJob[]> {
    return dueJobs(this.dataSource, DUE_CUTS);
  }

  /** Deletes it with its files, whoever works on it; `noted` in the same transaction, unless it is gone already. */
  async delete(id: string, noted: (manager: EntityManager) => Promise<void>): Promise<void> {
    const files = await this.dataSource.transaction(async (manager) => {
      const known = await manager.findOne(Cut, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!known) return [];
      const found = await manager.findBy(CutFile, { cutId: id });
      await manager.delete(Cut, { id });
      await noted(manager);
      return found;
    });
    for (const { storageKey } of files) await this.storage.remove(storageKey);
  }

  /** Deletes what has been kept long enough; what a crash leaves of the files is nobody's, and goes with the orphans. */
  async clear(): Promise<void> {
    const keys = await this.dataSource.query<{ storage_key: string }[]>(
      `WITH gone AS (SELECT id FROM cuts WHERE finished_at < now() - make_interval(secs => $1) ORDER BY id LIMIT ${REMOVED_AT_ONCE}),
            removed AS (DELETE FROM cuts WHERE id IN (SELECT id FROM gone))
       SELECT storage_key FROM cut_files WHERE cut_id IN (SELECT id FROM gone)`,
      [this.config.CUT_KEEP_HOURS * 3600],
    );
    for (const { storage_key } of keys) await this.storage.remove(storage_key);
  }
}
