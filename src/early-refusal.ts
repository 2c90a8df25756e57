// Refuses work whose large body need not be read to know that there is no room for it.
import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { requireScope } from './api-keys/index.js';
import { RoomForWork } from './quotas/index.js';
import { largeBodyOf, SMALL_BODY_BYTES } from './read-body.js';

@Injectable()
export class EarlyRefusal implements NestMiddleware {
  constructor(private readonly room: RoomForWork) {}

  /** A small body is read all the same: what it asks for may have been answered before. */
  async use(request: Request, _response: Response, next: NextFunction): Promise<void> {
    const large = largeBodyOf(request);
    if (large?.work && request.caller && !isSmall(request)) {
      requireScope(request, large.scope);
      await this.room.require(large.work, request.caller.tenantId);
    }
    next();
  }
}

const isSmall = ({ headers }: Request): boolean => Number(headers['content-length'] ?? Infinity) <= SMALL_BODY_BYTES;
