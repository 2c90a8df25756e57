// The `error` that OpenAI's clients look for, as one more member of the problem.
import { type Problem } from '../platform/http/problem.filter.js';

export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
};

export function openAiError({ status, code, detail, errors }: Pick<Problem, 'status' | 'code' | 'detail' | 'errors'>): OpenAiError {
  const [first] = Array.isArray(errors) ? (errors as { path?: string }[]) : [];
  const type = TYPES[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
  return { message: detail, type, param: first?.path ?? null, code };
}

/** Routes whose callers are OpenAI's clients. */
const SPOKEN_TO = /^\/v1\/(?:chat|models)(?:\/|$)/;

/** Members to add to a problem of this path. */
export const withOpenAiError = (problem: Problem, path: string): object => (SPOKEN_TO.test(path) ? { error: openAiError(problem) } : {});
