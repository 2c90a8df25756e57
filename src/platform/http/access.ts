// Who calls and what a route asks of a caller: scopes are declared on routes, the guard of src/api-keys holds callers to them.
import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Request } from 'express';
import { AppError } from '../../app-error.js';

/** What a key may allow; `admin` allows everything, and is the only one for what belongs to no tenant. */
export const SCOPES = ['videos:read', 'videos:write', 'webhooks:manage', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Whoever sent a request. Everything that is read or written for it belongs to its tenant. */
export interface Caller {
  readonly tenantId: string;
  /** Null: no key was needed, as on a service that only this machine reaches. */
  readonly keyId: string | null;
  readonly scopes: readonly Scope[];
}

export const DEFAULT_TENANT = 'default';

/** Whoever reaches a service that asks for no key. */
export const LOCAL_CALLER: Caller = { tenantId: DEFAULT_TENANT, keyId: null, scopes: ['admin'] };

export const SCOPE_METADATA = 'scope';

/** The name of the security scheme in the OpenAPI document. */
export const BEARER = 'bearer';

/** Declared on every route, or on its controller; `public` needs no key. A route without one stops the start. */
export const RequireScope = (scope: Scope | 'public') =>
  applyDecorators(SetMetadata(SCOPE_METADATA, scope), ApiExtension('x-scope', scope), scope === 'public' ? ApiSecurity({}) : ApiSecurity(BEARER));

export const WORK_METADATA = 'adds-work';

/** What a route adds to the work of the service: it is refused early while there is too much of it. */
export type Work = 'video' | 'task' | 'question' | 'search';
export const AddsWork = (work: Work) => applyDecorators(SetMetadata(WORK_METADATA, work), ApiExtension('x-adds-work', work));

declare module 'express-serve-static-core' {
  interface Request {
    caller?: Caller;
    /** Why nobody is known to call, where somebody has to be. */
    refusal?: Error;
  }
}

/** The parameter of a handler that is told who calls. Throws `access.caller_unknown` where nothing found that out: nobody is not everybody. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<Request>();
  if (!caller) throw new AppError('access.caller_unknown', 'A route asks who calls, and nobody was let in.');
  return caller;
});
