// Text that callers write: bounded, not blank, and storable.
import { z } from 'zod';

/** Half of a surrogate pair is no character, and Postgres stores no NUL. */
const UNSTORABLE = /\p{Surrogate}|\0/u;

export const storable = (text: string): boolean => !UNSTORABLE.test(text);

/** Trimmed, 1 to `most` UTF-16 units. */
export const plainText = (most: number) =>
  z.string().trim().min(1).max(most).refine(storable, { message: 'must not contain NUL or half of a surrogate pair' });
