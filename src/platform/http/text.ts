// Text from outside, of callers and of files: bounded and storable.
import { z } from 'zod';

/** Half of a surrogate pair is no character, and Postgres stores no NUL. */
const UNSTORABLE = /\p{Surrogate}|\0/gu;

export const storable = (text: string): boolean => text.search(UNSTORABLE) < 0;

/** What can be stored of a text that nobody can be asked to mend: its first `most` characters (code points), without what is none. */
export const storablePart = (text: string, most: number): string => [...text.slice(0, 2 * most).replace(UNSTORABLE, '')].slice(0, most).join('');

/** Trimmed, 1 to `most` UTF-16 units. */
export const plainText = (most: number) =>
  z.string().trim().min(1, 'must not be empty').max(most, `must have at most ${most} characters`).refine(storable, { message: 'must not contain NUL or half of a surrogate pair' });

const NAME_LIMIT = 255;

/** A file name, readable and harmless: its last path step, no control characters, bounded. */
export function cleanName(name: string | undefined): string {
  const last = (name ?? '').split(/[\\/]/).at(-1) ?? '';
  return storablePart(last.replace(/[\u0000-\u001f\u007f]/g, '').trim(), NAME_LIMIT) || 'unnamed';
}
