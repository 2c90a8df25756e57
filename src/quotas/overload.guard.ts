// Refuses new work early while there is more than can be done: before a byte of a video is read or a row is written.
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { DataSource } from 'typeorm';
import { AppError, type ErrorCode } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { type Work, WORK_METADATA } from '../platform/http/access.js';
import { diskSpace } from '../platform/storage/disk-space.js';
import { requireTaskQuota, requireVideoQuota } from './tenant-quotas.js';

const RETRY_SECONDS = 30;

const UNFINISHED_TASKS = `SELECT 1 FROM tasks WHERE status IN ('queued', 'processing')`;
const UNSCANNED = `
  SELECT 1 FROM videos LEFT JOIN scans ON scans.id = videos.id
   WHERE videos.status = 'ready' AND (scans.id IS NULL OR scans.status IN ('queued', 'processing'))`;

@Injectable()
export class OverloadGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const work = this.reflector.getAllAndOverride<Work | undefined>(WORK_METADATA, [context.getHandler(), context.getClass()]);
    const { tenantId } = context.switchToHttp().getRequest<Request>().caller ?? {};
    if (work && tenantId !== undefined) await this.require(work, tenantId);
    return true;
  }

  /** Rejects with `overload.*`, or with the `quota.*` of a tenant that has no room for anything. */
  private async require(work: Work, tenantId: string): Promise<void> {
    const { OVERLOAD_TASKS, OVERLOAD_SCANS } = this.config;
    const { manager } = this.dataSource;
    if (work === 'video') {
      await this.requireFewer(UNSCANNED, OVERLOAD_SCANS, 'overload.scans_waiting', 'videos wait to be scanned');
      await requireVideoQuota(manager, this.config, { tenantId, bytes: 1, duration: 0 });
    } else {
      await this.requireFewer(UNFINISHED_TASKS, OVERLOAD_TASKS, 'overload.tasks_waiting', 'analyses wait or run');
      await this.requireDisk();
      await requireTaskQuota(manager, this.config, tenantId);
    }
  }

  private async requireFewer(sql: string, most: number, code: ErrorCode, what: string): Promise<void> {
    const rows = await this.dataSource.query<unknown[]>(`${sql} LIMIT $1`, [most]);
    if (rows.length >= most) throw overloaded(code, `${most} ${what}, as many as there may be; try again later.`);
  }

  private async requireDisk(): Promise<void> {
    const { freeBytes } = await diskSpace(this.config.DATA_DIR);
    if (freeBytes < this.config.OVERLOAD_FREE_BYTES) throw overloaded('overload.disk_full', 'The disk is nearly full; nothing new is begun until there is room again.');
  }
}

const overloaded = (code: ErrorCode, message: string): AppError => new AppError(code, message, { details: { retryAfterSeconds: RETRY_SECONDS } });
