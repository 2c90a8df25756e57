// Holds every caller to the scope that the route declares.
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { type Caller, type Scope, SCOPE_METADATA } from '../platform/http/access.js';
import { keyMissing, scopeMissing } from './api-keys.errors.js';

/** Whoever calls a public route without a key: nothing belongs to them. */
const NOBODY: Caller = { tenantId: '', keyId: null, scopes: [] };

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const scope = this.reflector.getAllAndOverride<Scope | 'public' | undefined>(SCOPE_METADATA, [context.getHandler(), context.getClass()]) ?? 'admin';
    if (scope === 'public') request.caller ??= NOBODY;
    else requireScope(request, scope);
    return true;
  }
}

/** Throws why nobody is known to call, or `key.scope_missing`. */
export function requireScope({ caller, refusal }: Request, scope: Scope): void {
  if (!caller) throw refusal ?? keyMissing();
  if (!caller.scopes.includes('admin') && !caller.scopes.includes(scope)) throw scopeMissing(scope);
}
