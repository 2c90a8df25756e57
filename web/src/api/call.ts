// One request to the API, typed by the OpenAPI document: path, parameters, body and answer.
import { problemOf, unreachable } from './problem';
import type { paths } from './schema';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
/** Paths that take the method. */
export type PathOf<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never }[keyof paths];
type Operation<P extends keyof paths, M extends Method> = Extract<paths[P][M & keyof paths[P]], { responses: unknown }>;

type Parameters<O, K extends 'path' | 'query'> = O extends { parameters: { [N in K]?: infer V } } ? Exclude<V, undefined> : never;
type Body<O> = O extends { requestBody?: { content: { 'application/json': infer B } } } ? B : never;
type Content<R> = R extends { content: { 'application/json': infer J } } ? J : undefined;
type Success<R> = { [S in keyof R & (200 | 201 | 202 | 204)]: Content<R[S]> }[keyof R & (200 | 201 | 202 | 204)];
export type Answer<P extends keyof paths, M extends Method> = Operation<P, M> extends { responses: infer R } ? Success<R> : never;

export interface CallOptions<O> {
  readonly path?: Parameters<O, 'path'>;
  readonly query?: Parameters<O, 'query'>;
  readonly body?: Body<O>;
  readonly signal?: AbortSignal | undefined;
  /** Of what is changed, as it was read: whoever changed it meanwhile is not overwritten. */
  readonly ifMatch?: string | undefined;
  /** Finish even when the page is left. */
  readonly keepalive?: boolean;
}

type Values = Readonly<Record<string, string | number | boolean | undefined>>;

/** `/v1/videos/{id}` with its values, for elements that load by themselves. */
export function addressOf(template: string, path: Values = {}, query: Values = {}): string {
  const filled = template.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(path[name])));
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? filled : `${filled}?${new URLSearchParams(given).toString()}`;
}

/** Rejects with an ApiProblem. */
export async function call<M extends Method, P extends PathOf<M>>(method: M, template: P, options: CallOptions<Operation<P, M>> = {}): Promise<Answer<P, M>> {
  const response = await callForFile(method, template, options);
  return (response.status === 204 ? undefined : await response.json()) as Answer<P, M>;
}

/** The same of what answers with a file. */
export async function callForFile<M extends Method, P extends PathOf<M>>(method: M, template: P, options: CallOptions<Operation<P, M>> = {}): Promise<Response> {
  const { path, query, body, signal, ifMatch, keepalive = false } = options;
  const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...(ifMatch !== undefined && { 'if-match': ifMatch }) };
  const init: RequestInit = { method: method.toUpperCase(), signal: signal ?? null, keepalive, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const response = await fetch(addressOf(template, path as Values, query as Values), init).catch((error: unknown) => {
    throw signal?.aborted ? error : unreachable();
  });
  if (!response.ok) throw await problemOf(response);
  return response;
}
