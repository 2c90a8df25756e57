// Refuses new work early while there is more than can be done: before a byte of a video is read or a row is written.
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../platform/config/config.js';
import { type Work, WORK_METADATA } from '../platform/http/access.js';
import { diskSpace } from '../platform/storage/disk-space.js';
import { overloaded, requireFewer, requireFewQuestions } from './overload.js';
import { requireTaskQuota, requireVideoQuota } from './tenant-quotas.js';

/** A search ends within seconds. */
const SEARCH_RETRY_SECONDS = 1;

const UNFINISHED_TASKS = `SELECT 1 FROM tasks WHERE status IN ('queued', 'processing')`;
const UNSCANNED = `
  SELECT 1 FROM videos LEFT JOIN scans ON scans.id = videos.id
   WHERE videos.status = 'ready' AND (scans.id IS NULL OR scans.status IN ('queued', 'processing'))`;

@Injectable()
export class OverloadGuard implements CanActivate {
  /** That this process answers. */
  private searches = 0;

  constructor(
    private readonly reflector: Reflector,
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const work = this.reflector.getAllAndOverride<Work | undefined>(WORK_METADATA, [context.getHandler(), context.getClass()]);
    const http = context.switchToHttp();
    const { tenantId } = http.getRequest<Request>().caller ?? {};
    if (work === 'search') this.countSearch(http.getResponse<Response>());
    else if (work && tenantId !== undefined) await this.require(work, tenantId);
    return true;
  }

  /** Rejects with `overload.*`, or with the `quota.*` of a tenant that has no room for anything. */
  private async require(work: Exclude<Work, 'search'>, tenantId: string): Promise<void> {
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

  /** Throws `overload.searches_running` where this process has enough to do with those it answers. */
  private countSearch(response: Response): void {
    const { OVERLOAD_SEARCHES: most } = this.config;
    if (this.searches >= most) throw overloaded('overload.searches_running', `${most} searches run, as many as may at a time; try again in a moment.`, SEARCH_RETRY_SECONDS);
    if (response.destroyed || response.closed) return; // who asked has gone: it would never be counted down
    this.searches++;
    response.once('close', () => this.searches--);
  }

  private async requireDisk(): Promise<void> {
    const { freeBytes } = await diskSpace(this.config.DATA_DIR);
    if (freeBytes < this.config.OVERLOAD_FREE_BYTES) throw overloaded('overload.disk_full', 'The disk is nearly full; nothing new is begun until there is room again.');
  }
}
