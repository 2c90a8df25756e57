// Retention: which videos are old enough to lose their bytes, or to go altogether, by the rule of their tenant or of the configuration.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { note } from '../audit/index.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { log } from '../platform/log/log.js';
import { VideoRemoval } from '../videos/index.js';
import { type RetentionBody } from './retention.schema.js';

export interface RetentionRule extends RetentionBody {
  readonly source: 'tenant' | 'configuration';
}

/** Videos that one look takes; while there are more, the next look follows soon. */
const BATCH = 50;
const LOOK_MS = 3600 * 1000;

/** Whatever works on a video ends first; it does so within a few attempts. */
const AT_REST = ['scans WHERE id', 'tasks WHERE video_id', 'moment_queries WHERE video_id']
  .map((rows) => `NOT EXISTS (SELECT 1 FROM ${rows} = video.id AND status IN ('queued', 'processing'))`)
  .join(' AND ');

const olderThan = (column: string, configured: string): string => `
  SELECT video.id FROM videos video LEFT JOIN retention_rules rule ON rule.tenant_id = video.tenant_id
   WHERE video.status = 'ready' AND ${AT_REST}
     AND video.created_at < now() - make_interval(secs => 86400 * CASE WHEN rule.tenant_id IS NULL THEN ${configured}::float8 ELSE rule.${column} END)`;

@Injectable()
export class RetentionService {
  private lookedAt = -Infinity;

  constructor(
    private readonly dataSource: DataSource,
    private readonly removal: VideoRemoval,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async rule(tenantId: string): Promise<RetentionRule> {
    const [own] = await this.dataSource.query<RetentionBody[]>('SELECT content_days, video_days FROM retention_rules WHERE tenant_id = $1', [tenantId]);
    if (own) return { ...own, source: 'tenant' };
    const { RETENTION_CONTENT_DAYS: content = null, RETENTION_VIDEO_DAYS: video = null } = this.config;
    return { content_days: content, video_days: video, source: 'configuration' };
  }

  async setRule(tenantId: string, { content_days, video_days }: RetentionBody): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO retention_rules (tenant_id, content_days, video_days) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id) DO UPDATE SET content_days = $2, video_days = $3, updated_at = now()`,
        [tenantId, content_days, video_days],
      );
      await note(manager, { action: 'retention.changed', subject: { type: 'tenant', id: tenantId }, tenantId, details: { content_days, video_days } });
    });
  }

  async removeRule(tenantId: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [, removed] = await manager.query<[unknown[], number]>('DELETE FROM retention_rules WHERE tenant_id = $1', [tenantId]);
      if (removed > 0) await note(manager, { action: 'retention.removed', subject: { type: 'tenant', id: tenantId }, tenantId });
    });
  }

  /** Removes what is too old; most calls return at once. Whoever is marked here is deleted by `VideoRemoval.finishDeletes`. */
  async apply(now: number = Date.now()): Promise<void> {
    if (now - this.lookedAt < LOOK_MS) return;
    const deleted = await this.markDeleted();
    const emptied = await this.removeContents();
    if (deleted + emptied > 0) log.info({ deleted, emptied }, 'retention');
    if (deleted < BATCH && emptied < BATCH) this.lookedAt = now;
  }

  private async markDeleted(): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const [videos] = await manager.query<[{ id: string; tenant_id: string; name: string }[], number]>(
        `UPDATE videos SET status = 'deleting' WHERE id IN (${olderThan('video_days', '$1')} ORDER BY video.id LIMIT ${BATCH}) RETURNING id, tenant_id, name`,
        [this.config.RETENTION_VIDEO_DAYS ?? null],
      );
      for (const { id, tenant_id: tenantId, name } of videos) await note(manager, { action: 'video.deleted', subject: { type: 'video', id }, tenantId, details: { name, why: 'retention' } });
      return videos.length;
    });
  }

  private async removeContents(): Promise<number> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `${olderThan('content_days', '$1')} AND video.content_removed_at IS NULL ORDER BY video.id LIMIT ${BATCH}`,
      [this.config.RETENTION_CONTENT_DAYS ?? null],
    );
    for (const { id } of rows) await this.removal.removeContent(id);
    return rows.length;
  }
}
