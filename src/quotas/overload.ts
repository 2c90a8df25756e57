// What is refused early because there is more to do than can be done.
import type { EntityManager } from 'typeorm';
import { AppError, type ErrorCode } from '../app-error.js';
import { type Config } from '../platform/config/config.js';

const RETRY_SECONDS = 30;

/** Questions and conversations that wait for the model or are with it. */
const UNANSWERED = `
  SELECT 1 FROM (SELECT status FROM moment_queries UNION ALL SELECT status FROM chat_completions WHERE deadline > now()) AS asked
   WHERE status IN ('queued', 'processing')`;

/** Rejects with `overload.questions_waiting`. */
export const requireFewQuestions = (manager: EntityManager, { OVERLOAD_QUESTIONS }: Pick<Config, 'OVERLOAD_QUESTIONS'>): Promise<void> =>
  requireFewer(manager, { sql: UNANSWERED, most: OVERLOAD_QUESTIONS, code: 'overload.questions_waiting', what: 'questions and conversations wait for an answer' });

export interface Limit {
  /** Selects a row of each. */
  readonly sql: string;
  readonly most: number;
  readonly code: ErrorCode;
  readonly what: string;
}

export async function requireFewer(manager: EntityManager, { sql, most, code, what }: Limit): Promise<void> {
  const rows = await manager.query<unknown[]>(`${sql} LIMIT $1`, [most]);
  if (rows.length >= most) throw overloaded(code, `${most} ${what}, as many as there may be; try again later.`);
}

export const overloaded = (code: ErrorCode, message: string, retryAfterSeconds = RETRY_SECONDS): AppError => new AppError(code, message, { details: { retryAfterSeconds } });
