// The pool of database connections, with the entities of whoever opens it.
import { DataSource, type EntitySchema, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { log } from '../log/log.js';

export interface DataSourceSettings {
  readonly url: string;
  readonly entities: readonly EntityTarget<ObjectLiteral>[];
  /** Connections at most; default 10. */
  readonly poolSize?: number;
}

/** Not connected yet: `await createDataSource({ url, entities }).initialize()`. The schema comes from `migrate`. */
export function createDataSource({ url, entities, poolSize = 10 }: DataSourceSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: entities as (EntitySchema | (new () => unknown))[],
    poolSize,
    connectTimeoutMS: 10_000,
    applicationName: 'secondsight',
    installExtensions: false, // ids are made here, and an ordinary role may not install any
    // the error carries its client, with all it knows
    poolErrorHandler: (error: unknown) => log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'a database connection was lost'),
  });
}
