// Refuses query parameters that a route does not declare: a misspelled one would be a filter that does nothing.
import { type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { Request } from 'express';
import { z } from 'zod';
import { AppError } from '../../app-error.js';

/** What Nest keeps of a parameter of a handler, under `TYPE:INDEX`. */
interface Argument {
  readonly schema?: unknown;
}

/** Of the API alone: whoever asks for a page or probes the health may add what they like. */
export class DeclaredQuery implements CanActivate {
  /** Throws `request.invalid` with each parameter at fault. */
  canActivate(context: ExecutionContext): boolean {
    const { path, query } = context.switchToHttp().getRequest<Request>();
    if (/^\/v1\//i.test(path)) requireDeclared(query, declaredBy(context));
    return true;
  }
}

function requireDeclared(query: Request['query'], declared: readonly string[]): void {
  const takes = declared.length > 0 ? `it takes ${declared.join(', ')}` : 'it takes none';
  const errors = Object.entries(query).flatMap(([path, value]) => {
    if (!declared.includes(path)) return [{ path, message: `is no query parameter of this route; ${takes}` }];
    return Array.isArray(value) ? [{ path, message: 'is given more than once' }] : [];
  });
  const [first] = errors;
  if (first) throw new AppError('request.invalid', `${first.path}: ${first.message}`, { details: { errors } });
}

function declaredBy(context: ExecutionContext): string[] {
  const handled = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as Readonly<Record<string, Argument>> | undefined;
  return Object.entries(handled ?? {}).flatMap(([key, { schema }]) => (key.startsWith(`${RouteParamtypes.QUERY}:`) && schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
}
