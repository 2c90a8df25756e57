// A request that failed, as the API explains it (RFC 9457), and what whoever sees it can do.
import { whenBack } from './connection';
import type { Problem } from './resources';

const UNREACHABLE = 'service.unreachable';

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
  if (body.code === undefined && response.status >= 502) return unreachable(); // said by what stands before the service
  return new ApiProblem(response.status, body.code ?? `http.${response.status}`, body.detail ?? `The service answered ${response.status}.`, body.errors);
}

/** The request did not reach the service: from here on it is waited for. */
export function unreachable(): ApiProblem {
  void whenBack();
  return new ApiProblem(0, UNREACHABLE, 'The service cannot be reached.');
}

export const isUnreachable = (error: unknown): boolean => error instanceof ApiProblem && error.code === UNREACHABLE;

/** A request that is wrong stays wrong; a service that is away comes back. */
export const isPassing = (error: unknown): boolean => error instanceof ApiProblem && (error.status === 0 || error.status >= 502);

const REMEDIES: Readonly<Record<string, string>> = {
  'service.unreachable': 'It may be restarting. The page tries again by itself; nothing that was accepted is lost.',
  'video.not_found': 'It may have been deleted.',
  'resize.side_vanishes': 'Pictures as long and narrow as these are beyond this model. Shots and cues are found all the same.',
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

/** Of an analysis that failed: what happened, and what is known to help. */
export const failureWords = ({ code, message }: { readonly code: string; readonly message: string }): string => [message, REMEDIES[code]].filter(Boolean).join(' ');

/** One sentence on what to do; `otherwise` where a refusal is all there is to say. */
export function remedyOf(error: unknown, otherwise = 'Change the request and try again.'): string {
  if (!(error instanceof ApiProblem)) return 'Reload the page.';
  const known = REMEDIES[error.code];
  if (known !== undefined) return known;
  if (error.status === 401) return 'Sign in with a key.';
  if (error.status === 403) return 'Use a key that is allowed to.';
  return error.status >= 500 ? 'The log of the service has the details.' : otherwise;
}

export const isVideoGone = (error: unknown): boolean => error instanceof ApiProblem && error.code === 'video.not_found';

/** Of what may be taken another time: too many at once, disturbed on the way. */
const PASSING_STATUSES = [408, 409, 410, 423, 429, 460];

/** Whether the same request may be taken later. */
export const isWorthRepeating = (error: unknown): boolean =>
  !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500 || PASSING_STATUSES.includes(error.status) || error.code.startsWith('quota.');
