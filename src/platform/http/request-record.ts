// What is noted of every request: an id that the caller may give and is told, a span, how long it took, and a line in the log.
import type { NextFunction, Request, Response } from 'express';
import { newId } from '../database/id.js';
import { withRequest } from './current-request.js';
import { log } from '../log/log.js';
import { withLogFields } from '../log/log-fields.js';
import { requestSeconds } from '../metrics/process-metrics.js';
import { Span } from '../tracing/span.js';
import { parseTraceparent } from '../tracing/trace-context.js';

/** An id of the caller's own that may stand in a log. */
const ID = /^[\w.:/+=-]{1,128}$/;

/** Asked all the time by machines that look whether this one lives. */
const OFTEN = /^\/(?:health\/|metrics$)/;

/** Status of a request whose caller left before it was answered, as proxies write it. */
const LEFT = 499;

/** Before everything else, so that what is refused is noted too. */
export function recordRequest(request: Request, response: Response, next: NextFunction): void {
  const { method } = request;
  const path = request.originalUrl.split('?', 1)[0] ?? '';
  const given = request.get('x-request-id');
  const fields = { request_id: given !== undefined && ID.test(given) ? given : newId() };
  const span = new Span(method, { kind: 'server', parent: parseTraceparent(request.get('traceparent')), attributes: { 'http.request.method': method, 'url.path': path } });
  const started = performance.now();
  response.set('x-request-id', fields.request_id);
  response.once('close', () => {
    const seconds = (performance.now() - started) / 1000;
    const status = response.writableFinished ? response.statusCode : LEFT;
    const route = routeOf(request);
    requestSeconds.observe({ method, route, status: String(status) }, seconds);
    span.name = `${method} ${route}`;
    span.set({ 'http.route': route, 'http.response.status_code': status, 'secondsight.request_id': fields.request_id });
    if (status >= 500) span.fail(`status ${status}`);
    span.end();
    const { tenantId, keyId } = request.caller ?? {};
    const line = { method, path, status, ms: Math.round(seconds * 1000), ...(keyId && { tenant: tenantId, key: keyId }) };
    span.run(() => withLogFields(fields, () => log[OFTEN.test(path) ? 'debug' : 'info'](line, 'request')));
  });
  span.run(() => withLogFields(fields, () => withRequest(request, next)));
}

/** The template, such as `/v1/videos/:id`; what no route takes is one kind, however many paths there are. */
function routeOf({ baseUrl, route }: Request): string {
  const template = (route as { path?: unknown } | undefined)?.path;
  return typeof template === 'string' ? baseUrl + template : 'unmatched';
}
