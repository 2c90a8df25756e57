// What the videos take and what their retention would free, by tenant.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../platform/config/config.js';
import { diskSpace } from '../platform/storage/disk-space.js';

/** Of one tenant; days as its rule, or else the configuration, says. */
export interface TenantUse {
  readonly tenantId: string;
  readonly videos: number;
  /** Bytes as they were uploaded, of the videos that still have them. */
  readonly bytes: number;
  /** Of the files of cuts, and of the copies that every browser plays. */
  readonly cutBytes: number;
  readonly proxyBytes: number;
  readonly contentDays: number | null;
  readonly videoDays: number | null;
  readonly ownRule: boolean;
  /** Bytes that the rule frees at its next look, and within a week. */
  readonly freedNow: number;
  readonly freedInWeek: number;
}

const USE = `
  WITH kept AS (
    SELECT videos.tenant_id, content_removed_at IS NULL AS whole, videos.bytes, COALESCE(proxies.bytes, 0) AS proxy, extract(epoch FROM now() - videos.created_at)::float8 / 86400 AS age
      FROM videos LEFT JOIN proxies USING (id) WHERE videos.status = 'ready'
  ), cut AS (
    SELECT tenant_id, sum(bytes)::float8 AS bytes FROM cuts JOIN cut_files ON cut_id = id GROUP BY tenant_id
  ), rules AS (
    SELECT tenant_id, rule.tenant_id IS NOT NULL AS own,
           CASE WHEN rule.tenant_id IS NULL THEN $1::float8 ELSE rule.content_days END AS content_days,
           CASE WHEN rule.tenant_id IS NULL THEN $2::float8 ELSE rule.video_days END AS video_days
      FROM (SELECT tenant_id FROM kept UNION SELECT tenant_id FROM cut UNION SELECT tenant_id FROM retention_rules) AS tenants LEFT JOIN retention_rules rule USING (tenant_id)
  )
  SELECT rules.tenant_id AS "tenantId", count(kept.tenant_id)::int AS videos, own AS "ownRule", content_days AS "contentDays", video_days AS "videoDays",
         COALESCE(sum(kept.bytes) FILTER (WHERE whole), 0)::float8 AS bytes, COALESCE(sum(proxy), 0)::float8 AS "proxyBytes", COALESCE(max(cut.bytes), 0) AS "cutBytes",
         COALESCE(sum(kept.bytes + proxy) FILTER (WHERE whole AND age >= LEAST(content_days, video_days)), 0)::float8 AS "freedNow",
         COALESCE(sum(kept.bytes + proxy) FILTER (WHERE whole AND age + 7 >= LEAST(content_days, video_days)), 0)::float8 AS "freedInWeek"
    FROM rules LEFT JOIN kept USING (tenant_id) LEFT JOIN cut USING (tenant_id) GROUP BY rules.tenant_id, own, content_days, video_days ORDER BY rules.tenant_id`;

@Injectable()
export class StorageUse {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  tenants(): Promise<TenantUse[]> {
    const { RETENTION_CONTENT_DAYS: content = null, RETENTION_VIDEO_DAYS: video = null } = this.config;
    return this.dataSource.query<TenantUse[]>(USE, [content, video]);
  }

  /** Of the disk of DATA_DIR on this machine. */
  async disk(): Promise<{ freeBytes: number; sizeBytes: number; reserveBytes: number }> {
    return { ...(await diskSpace(this.config.DATA_DIR)), reserveBytes: this.config.STORAGE_RESERVE_BYTES };
  }
}
