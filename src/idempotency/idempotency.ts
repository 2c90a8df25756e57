// A POST that is sent again with its Idempotency-Key is answered as the first time, and done once.
import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { AppError } from '../app-error.js';
import { log } from '../platform/log/log.js';
import { catchAnswer, giveAgain } from './answer.js';
import { digestAlong, digestForm } from './form-digest.js';
import { type Asked, KeptAnswers, type Known, LOCK_SECONDS } from './kept-answers.js';
import { digestOf, isForm } from './request-body.js';

const KEY = /^[\x21-\x7e]{1,255}$/;
const RETRY_SECONDS = 1;

@Injectable()
export class Idempotency implements NestMiddleware {
  constructor(private readonly answers: KeptAnswers) {}

  /** Whoever may not call at all is refused later. */
  async use(request: Request, response: Response, next: NextFunction): Promise<void> {
    const { caller, method, originalUrl } = request;
    const key = request.get('idempotency-key');
    if (method !== 'POST' || key === undefined || !caller) return next();
    if (!KEY.test(key)) throw new AppError('idempotency.key_invalid', 'Idempotency-Key: 1 to 255 visible ASCII characters.');
    const asked = { route: `${method} ${originalUrl}`, digest: isForm(request) ? null : digestOf(request) };
    const begun = await this.answers.begin({ tenantId: caller.tenantId, caller: caller.keyId ?? '', key }, asked);
    if (typeof begun !== 'string') return giveAgain(response, await answerTo(request, asked, begun));
    this.follow(begun, asked, request, response);
    next();
  }

  /** Keeps the answer of a request that is being done, and says meanwhile that it is. */
  private follow(token: string, { digest }: Asked, request: Request, response: Response): void {
    const read = digest === null ? digestAlong(request) : () => Promise.resolve(digest);
    const timer = setInterval(() => void this.answers.renew(token).catch(warn), (LOCK_SECONDS * 1000) / 3);
    response.once('close', () => clearInterval(timer));
    catchAnswer(response, async (answer) => {
      clearInterval(timer);
      try {
        if (answer) await this.answers.keep(token, await read(), answer);
        else await this.answers.release(token);
      } catch (error) {
        warn(error);
        await this.answers.release(token).catch(warn);
      }
    });
  }
}

const warn = (error: unknown): void => log.warn({ err: error }, 'an answer was not kept: the same request would be done again');

/** Rejects with `idempotency.in_progress` or `idempotency.key_reused`. */
async function answerTo(request: Request, asked: Asked, { route, digest, answer }: Known) {
  const differs = route !== asked.route || (asked.digest !== null && digest !== asked.digest);
  if (differs) throw reused();
  if (!answer) {
    const message = 'A request with this Idempotency-Key is being answered; ask again in a moment.';
    throw new AppError('idempotency.in_progress', message, { details: { retryAfterSeconds: RETRY_SECONDS } });
  }
  if (asked.digest === null && (await digestForm(request).catch(() => '')) !== digest) throw reused();
  return answer;
}

const reused = (): AppError => new AppError('idempotency.key_reused', 'This Idempotency-Key was sent with another request; use a new one for each.');
