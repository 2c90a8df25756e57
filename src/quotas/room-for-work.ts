// Whether there is room for new work: what waits already, the disk, and what the tenant may have.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../platform/config/config.js';
import { type Work } from '../platform/http/access.js';
import { diskSpace } from '../platform/storage/disk-space.js';
import { overloaded, requireFewer, requireFewQuestions } from './overload.js';
import { requireTaskQuota, requireVideoQuota } from './tenant-quotas.js';

const UNFINISHED_TASKS = `SELECT 1 FROM tasks WHERE status IN ('queued', 'processing')`;
const UNSCANNED = `
  SELECT 1 FROM videos LEFT JOIN scans ON scans.id = videos.id
   WHERE videos.status = 'ready' AND (scans.id IS NULL OR scans.status IN ('queued', 'processing'))`;

/** Work that waits in the database until it is done; a search is answered at once. */
export type WaitingWork = Exclude<Work, 'search'>;

@Injectable()
export class RoomForWork {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Rejects with `overload.*`, or with the `quota.*` of a tenant that has no room for anything. */
  async require(work: WaitingWork, tenantId: string): Promise<void> {
    const { OVERLOAD_TASKS, OVERLOAD_SCANS } = this.config;
    const { manager } = this.dataSource;
    switch (work) {
      case 'video':
        await requireFewer(manager, { sql: UNSCANNED, most: OVERLOAD_SCANS, code: 'overload.scans_waiting', what: 'videos wait to be scanned' });
        return requireVideoQuota(manager, this.config, { tenantId, bytes: 1, duration: 0 });
      case 'task':
        await requireFewer(manager, { sql: UNFINISHED_TASKS, most: OVERLOAD_TASKS, code: 'overload.tasks_waiting', what: 'analyses wait or run' });
        await this.requireDisk();
        return requireTaskQuota(manager, this.config, tenantId);
      case 'question':
        return requireFewQuestions(manager, this.config);
    }
  }

  private async requireDisk(): Promise<void> {
    const { freeBytes } = await diskSpace(this.config.DATA_DIR);
    if (freeBytes < this.config.OVERLOAD_FREE_BYTES) throw overloaded('overload.disk_full', 'The disk is nearly full; nothing new is begun until there is room again.');
  }
}
