// What becomes of a request without a file that is not answered from what was seen before.
import { AppError } from '../app-error.js';

const FILE_NEEDED = 'inference.file_needed';

export const isFileNeeded = (error: unknown): error is AppError => error instanceof AppError && error.code === FILE_NEEDED;

/** The hash of the video that a request needs; undefined where that is not what it failed for. */
export const neededContent = (error: unknown): unknown => (isFileNeeded(error) ? error.details?.['contentHash'] : undefined);

/** The file of a window whose pictures must be decoded. Throws `inference.file_needed` where it was not given. */
export function requireFile({ file, contentHash }: { readonly file?: string | undefined; readonly contentHash: string }): string {
  if (file === undefined) throw new AppError(FILE_NEEDED, 'Nothing is kept of what was seen of the window: its video is needed.', { details: { contentHash } });
  return file;
}
