// How often a key may call: a bucket of requests for each, filled evenly, the same one for every api process.
import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { DataSource } from 'typeorm';
import { AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';

/** Takes one of `$2` requests a minute; no row where there is none left. */
const TAKE = `
  INSERT INTO rate_buckets AS bucket (id, tokens, updated_at) VALUES ($1, $2::float8 - 1, clock_timestamp())
  ON CONFLICT (id) DO UPDATE
    SET tokens = LEAST($2, bucket.tokens + EXTRACT(epoch FROM clock_timestamp() - bucket.updated_at) * $2 / 60) - 1, updated_at = clock_timestamp()
  WHERE LEAST($2, bucket.tokens + EXTRACT(epoch FROM clock_timestamp() - bucket.updated_at) * $2 / 60) >= 1
  RETURNING tokens`;

@Injectable()
export class RateLimit implements NestMiddleware {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** `quota.requests` for one too many. Who does not call with a key is refused elsewhere, or asks for what is public. */
  async use({ caller }: Request, response: Response, next: NextFunction): Promise<void> {
    const limit = this.config.RATE_LIMIT_PER_MINUTE;
    if (limit === undefined || !caller) return next();
    const [bucket] = await this.dataSource.query<{ tokens: number }[]>(TAKE, [caller.keyId ?? `tenant ${caller.tenantId}`, limit]);
    const left = bucket?.tokens ?? 0;
    const secondsEach = 60 / limit;
    response.set({ 'ratelimit-limit': String(limit), 'ratelimit-remaining': String(Math.floor(left)), 'ratelimit-reset': String(Math.ceil((limit - left) * secondsEach)) });
    if (bucket) return next();
    const details = { retryAfterSeconds: Math.ceil(secondsEach) };
    throw new AppError('quota.requests', `The key may send ${limit} requests a minute; wait ${details.retryAfterSeconds} s.`, { details });
  }
}
