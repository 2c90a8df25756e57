// What becomes of a request without a file that is not answered from what was seen before.
import { AppError } from '../app-error.js';

export const FILE_NEEDED = 'inference.file_needed';

/** The file of a window whose pictures must be decoded. Throws `inference.file_needed` where it was not given. */
export function requireFile(file: string | undefined): string {
  if (file === undefined) throw new AppError(FILE_NEEDED, 'Nothing is kept of what was seen of the window: its video is needed.');
  return file;
}
