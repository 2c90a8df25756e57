// Cursor pagination: an opaque place in an ordered list.
import { z } from 'zod';
import { AppError } from '../../app-error.js';

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Rows per page.'),
  cursor: z.string().max(512).optional().describe('`next_cursor` of the page before.'),
});

export type PageQuery = z.infer<typeof pageQuery>;

/** A page as the API returns it; `next_cursor` is null on the last one. */
export const pageOf = <T extends z.ZodType>(row: T) =>
  z.object({ data: z.array(row), next_cursor: z.string().nullable() });

export const encodeCursor = (key: readonly (string | number | null)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** Rejects with `request.invalid_cursor` when the text is not one of ours. */
export function decodeCursor<T extends z.ZodType>(cursor: string | undefined, key: T): z.infer<T> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return key.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new AppError('request.invalid_cursor', 'cursor: not one that this API gave out.', { cause });
  }
}

/** Cuts the one row too many that tells whether another page follows. */
export function cutPage<Row>(rows: Row[], limit: number, key: (row: Row) => readonly (string | number | null)[]) {
  const more = rows.length > limit;
  const data = more ? rows.slice(0, limit) : rows;
  const last = data.at(-1);
  return { data, next_cursor: more && last ? encodeCursor(key(last)) : null };
}
