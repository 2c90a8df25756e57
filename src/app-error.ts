// The one error type of the product: a stable code for programs, a sentence for people.

/** Codes read `noun.what_happened`; each is declared beside the module that throws it. */
export type ErrorCode = `${string}.${string}`;

/**
 * An expected failure. `code` is stable and documented; `message` says what happened, to which id or file, and what to do.
 * Anything thrown that is not an AppError is a bug.
 */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'AppError';
    this.details = options.details;
  }

  /** Extra facts for the reader of the error, for instance the path of the faulty field. */
  readonly details: Record<string, unknown> | undefined;
}
