// When a message that was not taken is sent again: the schedule of Standard Webhooks, some 75 hours in ten attempts.

const MINUTE = 60;
const HOUR = 3600;

/** Seconds before each attempt, counted from the one before. */
export const SCHEDULE = [0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR] as const;

const JITTER = 0.2;
const MOST_RETRY_AFTER = 24 * HOUR;

/** An endpoint to which nothing came through for so long is disabled. */
export const MOST_FAILING_MS = 5 * 24 * HOUR * 1000;

export interface Failed {
  /** Attempts that were made, this one included. */
  readonly attempts: number;
  readonly at: Date;
  /** What the receiver asked for, seconds. */
  readonly retryAfter: number | undefined;
}

/** Undefined after the last attempt. `random`: 0 to 1, spreads what failed together. */
export function nextAttempt({ attempts, at, retryAfter = 0 }: Failed, random: number): Date | undefined {
  const pause = SCHEDULE[attempts];
  if (pause === undefined) return undefined;
  const spread = pause * (1 + JITTER * (2 * random - 1));
  return new Date(at.getTime() + Math.max(spread, Math.min(retryAfter, MOST_RETRY_AFTER)) * 1000);
}

/** Seconds of a Retry-After header, which holds seconds or a date; undefined where it holds neither. */
export function retryAfterSeconds(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now.getTime()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
