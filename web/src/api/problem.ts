// A request that failed, as the API explains it (RFC 9457), and what whoever sees it can do.
import type { Problem } from './resources';

/** What is wrong with one field of what was sent: names and places with dots between them. */
export type FieldFault = NonNullable<Problem['errors']>[number];

export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly faults: readonly FieldFault[] = [],
  ) {
    super(detail);
    this.name = 'ApiProblem';
  }
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return new ApiProblem(response.status, body.code ?? `http.${response.status}`, body.detail ?? `The service answered ${response.status}.`, body.errors);
}

/** The request did not reach the service. */
export const unreachable = (): ApiProblem => new ApiProblem(0, 'service.unreachable', 'The service cannot be reached.');

/** A request that is wrong stays wrong; a service that is away comes back. */
export const isPassing = (error: unknown): boolean => error instanceof ApiProblem && (error.status === 0 || error.status >= 502);

const REMEDIES: Readonly<Record<string, string>> = {
  'service.unreachable': 'It may be restarting. The page tries again by itself; nothing that was accepted is lost.',
  'video.not_found': 'It may have been deleted. Go back to the library.',
  'video.not_a_video': 'Choose a file that a player can open.',
  'upload.too_large': 'Raise UPLOAD_MAX_BYTES, or cut the file first.',
  'upload.aborted': 'The connection broke. Send the file again.',
  'request.cross_site': 'Open the page at the address of the service itself.',
  'preset.name_taken': 'Choose another name.',
  'preset.too_many': 'Delete a preset that nobody uses.',
  'preset.changed_meanwhile': 'Load it again, or save over it.',
  'prompt.special_token': 'Write it without the reserved word.',
  'comparison.too_large': 'Ask for more overlap, or compare parts.',
  'export.invalid_timecode': 'Write it as hours:minutes:seconds:frames.',
};

/** One sentence on what to do. */
export function remedyOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return 'Reload the page.';
  const known = REMEDIES[error.code];
  if (known !== undefined) return known;
  if (error.status === 401) return 'Sign in with a key.';
  if (error.status === 403) return 'Use a key that is allowed to.';
  return error.status >= 500 ? 'The log of the service has the details.' : 'Change the request and try again.';
}
