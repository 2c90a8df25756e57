// Every failure leaves the API as application/problem+json (RFC 9457) with a stable code.
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AppError } from '../../app-error.js';
import { isDatabaseAway } from '../database/database-away.js';
import { log } from '../log/log.js';
import { answerAndClose, isUnread } from './unread-body.js';

/** HTTP status of each error code. A domain declares its own beside the module that throws them. */
export type ErrorStatuses = Readonly<Record<string, number>>;

/** The body of every error response. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: unknown;
}

/** Of what goes wrong before a domain is asked. */
export const FRAMEWORK_CODES: ErrorStatuses = {
  'request.malformed': 400,
  'request.route_not_found': 404,
  'request.method_not_allowed': 405,
  'request.body_too_large': 413,
  'request.unsupported_media_type': 415,
};

/** Seconds after which a caller may try again where nobody knows better. */
const RETRY_SECONDS = 5;

const OUR_FAULT = 'Something went wrong on our side; the log has the details.';

/** Maps AppErrors by code, framework errors by status; anything else is a bug, is logged and tells the caller nothing. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  /**
   * `extend` gives members that some routes add, for callers who look for an error of another form; `allowed` the methods that a path takes; `answersPerson` may show
   * somebody with a browser something better than that there is nothing.
   */
  constructor(
    private readonly statuses: ErrorStatuses,
    private readonly extend: (problem: Problem, path: string) => object = () => ({}),
    private readonly allowed: (path: string) => readonly string[] = () => [],
    private readonly answersPerson: (request: Request, response: Response) => boolean = () => false,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const request = host.switchToHttp().getRequest<Request>();
    const problem = this.describe(error, request);
    const retryAfter = retryAfterOf(error, problem.status);
    if (error instanceof AppError && retryAfter !== undefined && problem.status >= 500) log.warn({ code: problem.code, path: request.path }, problem.detail); // no fault, but too much at once
    else if (problem.status >= 500) log.error({ err: error, path: request.path }, problem.detail);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (problem.code === 'request.route_not_found' && this.answersPerson(request, response)) return;
    response.removeHeader('etag'); // that of what could not be sent
    response.set('cache-control', 'no-store');
    if (retryAfter !== undefined) response.set('retry-after', String(retryAfter));
    if (problem.status === 405) response.set('allow', this.allowed(request.path).join(', '));
    if (problem.status === 401) response.set('www-authenticate', 'Bearer realm="secondsight"');
    const text = JSON.stringify({ ...problem, ...this.extend(problem, request.path) });
    response.status(problem.status).type('application/problem+json');
    if (isUnread(request)) answerAndClose(request, response, text);
    else response.send(text);
  }

  private describe(error: unknown, request: Request): Problem {
    if (error instanceof AppError) {
      const status = this.statuses[error.code];
      if (status === undefined) return problem(500, error.code, OUR_FAULT);
      const errors = error.details?.['errors'];
      return { ...problem(status, error.code, error.message), ...(errors !== undefined && { errors }) };
    }
    if (isDatabaseAway(error)) return problem(503, 'database.unavailable', 'The database cannot be reached at the moment; try again.');
    const status = statusOf(error);
    if (status === 404) return this.nothingThere(request);
    const code = Object.entries(FRAMEWORK_CODES).find(([, value]) => value === status)?.[0];
    if (code && error instanceof Error) return problem(status, code, error.message);
    if (status < 500) return problem(status, 'request.malformed', 'The request could not be understood.');
    return problem(500, 'server.internal', OUR_FAULT);
  }

  private nothingThere({ method, path }: Request): Problem {
    const allowed = this.allowed(path);
    if (allowed.length === 0) return problem(404, 'request.route_not_found', `No route for ${method} ${path}.`);
    return problem(405, 'request.method_not_allowed', `${path} takes ${allowed.join(', ')}, not ${method}.`);
  }
}

function problem(status: number, code: string, detail: string): Problem {
  return { type: `urn:secondsight:error:${code}`, title: titleOf(code), status, code, detail };
}

/** `video.not_a_video` -> `Video: not a video`. */
function titleOf(code: string): string {
  const [noun = '', what = ''] = code.split('.');
  return `${noun.charAt(0).toUpperCase()}${noun.slice(1)}: ${what.replaceAll('_', ' ')}`;
}

/** Seconds; what throws may know better. */
function retryAfterOf(error: unknown, status: number): number | undefined {
  const known = error instanceof AppError ? error.details?.['retryAfterSeconds'] : undefined;
  if (typeof known === 'number') return known;
  return status === 503 ? RETRY_SECONDS : undefined;
}

/** Nest throws HttpException; body parsers throw errors that carry `status`. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
