// Refuses new work early while there is more than can be done: before a byte of a video is read or a row is written.
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { CONFIG, type Config } from '../platform/config/config.js';
import { type Work, WORK_METADATA } from '../platform/http/access.js';
import { overloaded } from './overload.js';
import { RoomForWork } from './room-for-work.js';

/** A search ends within seconds. */
const SEARCH_RETRY_SECONDS = 1;

@Injectable()
export class OverloadGuard implements CanActivate {
  /** That this process answers. */
  private searches = 0;

  constructor(
    private readonly reflector: Reflector,
    private readonly room: RoomForWork,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const work = this.reflector.getAllAndOverride<Work | undefined>(WORK_METADATA, [context.getHandler(), context.getClass()]);
    const http = context.switchToHttp();
    const { tenantId } = http.getRequest<Request>().caller ?? {};
    if (work === 'search') this.countSearch(http.getResponse<Response>());
    else if (work && tenantId !== undefined) await this.room.require(work, tenantId);
    return true;
  }

  /** Throws `overload.searches_running` where this process has enough to do with those it answers. */
  private countSearch(response: Response): void {
    const { OVERLOAD_SEARCHES: most } = this.config;
    if (this.searches >= most) throw overloaded('overload.searches_running', `${most} searches run, as many as may at a time; try again in a moment.`, SEARCH_RETRY_SECONDS);
    if (response.destroyed || response.closed) return; // who asked has gone: it would never be counted down
    this.searches++;
    response.once('close', () => this.searches--);
  }
}
