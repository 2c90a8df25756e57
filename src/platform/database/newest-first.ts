// Lists of rows whose ids are made in order of time, page by page.
import { type FindOptionsOrder, type FindOptionsWhere, LessThan, type ObjectLiteral, type Repository } from 'typeorm';
import { z } from 'zod';
import { cutPage, decodeCursor, type PageQuery } from '../http/cursor.js';

const listKey = z.tuple([z.uuid()]);

/** What conditions of a list may call the row by. */
export const LISTED = 'listed';

/** One page, the newest row first. Rejects with `request.invalid_cursor`. */
export async function newestFirst<Row extends ObjectLiteral & { id: string }>(rows: Repository<Row>, where: FindOptionsWhere<Row>, { limit, cursor }: PageQuery) {
  const after = decodeCursor(cursor, listKey);
  const page = {
    where: { ...where, ...(after && { id: LessThan(after[0]) }) } as FindOptionsWhere<Row>,
    order: { id: 'DESC' } as FindOptionsOrder<Row>,
    take: limit + 1,
  };
  const found = await rows.createQueryBuilder(LISTED).setFindOptions(page).getMany();
  return cutPage(found, limit, ({ id }) => [id]);
}
