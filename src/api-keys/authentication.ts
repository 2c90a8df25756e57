// Who calls: by a key, by a session of the page, or, on a service that only this machine reaches, by being here.
import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { CONFIG, type Config } from '../platform/config/config.js';
import { isLoopback, keysRequired } from '../platform/config/listening.js';
import { type Caller, LOCAL_CALLER } from '../platform/http/access.js';
import { isSameOrigin } from '../platform/http/cross-site.js';
import { type ApiKey } from './api-key.entity.js';
import { ApiKeysService } from './api-keys.service.js';
import { keyInvalid, keyMissing } from './api-keys.errors.js';
import { KeyHasher } from './key-hash.js';
import { OpenAnswers } from './open-answers.js';
import { meansKey } from './key-text.js';
import { keyOfSession, sessionOf } from './session.js';

@Injectable()
export class Authentication implements NestMiddleware {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly hasher: KeyHasher,
    private readonly open: OpenAnswers,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Refuses nobody: what a route asks for is the guard's to know. */
  async use(request: Request, response: Response, next: NextFunction): Promise<void> {
    try {
      request.caller = await this.callerOf(request);
      if (request.caller.keyId !== null) this.open.add(request.caller.keyId, response);
    } catch (error) {
      request.refusal = error as Error;
    }
    next();
  }

  /**
   * A key that is sent counts even where none is needed: who believes to be one tenant is not taken for another. There, what looks like no
   * key of ours counts for none: some clients must send something.
   */
  private async callerOf(request: Request): Promise<Caller> {
    const { authorization } = request.headers;
    const needsNone = this.config.AUTH === 'off' || (!keysRequired(this.config) && isFromHere(request));
    if (authorization !== undefined && (!needsNone || meansKey(authorization))) return callerBy(await this.keys.recognise(bearerOf(authorization)));
    const session = sessionOf(request);
    if (session !== undefined && isSameOrigin(request)) {
      const keyId = keyOfSession(this.hasher, session, Date.now());
      if (keyId !== undefined) return callerBy(await this.keys.recogniseId(keyId));
    }
    if (needsNone) return LOCAL_CALLER;
    throw keyMissing();
  }
}

const callerBy = ({ id, tenantId, scopes }: ApiKey): Caller => ({ keyId: id, tenantId, scopes });

function bearerOf(authorization: string): string {
  const [scheme = '', key = '', ...rest] = authorization.trim().split(/\s+/);
  if (scheme.toLowerCase() !== 'bearer' || rest.length > 0) throw keyInvalid();
  return key;
}

/**
 * Not by way of a proxy, which lets others in, and not under a name that somebody else made point to this machine: a page of
 * theirs would count as ours.
 */
function isFromHere({ headers }: Request): boolean {
  const forwarded = headers['x-forwarded-for'] ?? headers['forwarded'] ?? headers['x-real-ip'];
  const url = `http://${headers.host ?? ''}`;
  return forwarded === undefined && URL.canParse(url) && isLoopback(new URL(url).hostname);
}
