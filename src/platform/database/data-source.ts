// The pool of database connections, with the entities of whoever opens it.
import { DataSource, type EntitySchema } from 'typeorm';
import { log } from '../log/log.js';

export interface DataSourceSettings {
  readonly url: string;
  readonly entities: readonly (EntityClass | EntitySchema)[];
  /** Connections at most; default 10. */
  readonly poolSize?: number;
}

type EntityClass = abstract new (...parameters: never[]) => unknown;

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
    migrationsRun: false,
    synchronize: false,
    poolErrorHandler: (error: unknown) => log.warn({ err: error }, 'a database connection was lost'),
  });
}
