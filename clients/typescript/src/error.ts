// What goes wrong, with the stable code of the API.

/** The body of an answer that is a problem (RFC 9457). */
interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/**
 * Every call rejects with this one. `code` reads `noun.what_happened`, as `video.not_found`; `client.unreachable`, `client.timeout`,
 * `client.upload_failed` and `webhook.not_ours` are of the client itself.
 */
export class SecondsightError extends Error {
  override readonly name = 'SecondsightError';
  /** HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
  /** Each faulty field, where the code is `request.invalid`. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  /** What to name when asking whoever runs the service. */
  readonly requestId: string | undefined;

  constructor(
    readonly code: string,
    message: string,
    { status, errors = [], requestId, cause }: { status?: number; errors?: Problem['errors']; requestId?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.status = status;
    this.errors = errors;
    this.requestId = requestId;
  }
}

/** The error of an answer that is none of success. */
export async function errorOf(response: Response): Promise<SecondsightError> {
  const { code, detail, errors } = (await response.json().catch(() => ({}))) as Problem;
  const requestId = response.headers.get('x-request-id') ?? undefined;
  return new SecondsightError(code ?? 'client.unexpected_answer', detail ?? `The service answered ${response.status}.`, {
    status: response.status,
    ...(errors && { errors }),
    requestId,
  });
}
