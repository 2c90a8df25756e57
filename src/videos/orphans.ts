// Objects of the storage that belong to nobody, as a crash between storing and writing down leaves them.
import type { DataSource } from 'typeorm';
import { type Storage, type StoredObject } from '../platform/storage/storage.js';

const PER_QUERY = 500;

/** What was stored before `before` and has no row. */
export async function* orphanedObjects(dataSource: DataSource, storage: Storage, before: Date): AsyncGenerator<StoredObject> {
  let old: StoredObject[] = [];
  for await (const object of storage.list()) {
    if (object.storedAt >= before || old.push(object) < PER_QUERY) continue;
    yield* await withoutRow(dataSource, old);
    old = [];
  }
  yield* await withoutRow(dataSource, old);
}

async function withoutRow(dataSource: DataSource, objects: readonly StoredObject[]): Promise<StoredObject[]> {
  const rows = await dataSource.query<{ key: string }[]>('SELECT key FROM stored_objects WHERE key = ANY($1)', [objects.map(({ key }) => key)]);
  const known = new Set(rows.map(({ key }) => key));
  return objects.filter(({ key }) => !known.has(key));
}
