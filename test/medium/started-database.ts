// A Postgres of the test with the schema of the product, connected to.
import { type DataSource } from 'typeorm';
import { entities } from '../../src/entities.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { startPostgres, type TestServer } from './servers.js';

export interface StartedDatabase extends TestServer {
  readonly db: DataSource;
}

export async function startDatabase(): Promise<StartedDatabase> {
  const server = await startPostgres();
  try {
    await migrate(server.url);
    const db = await createDataSource({ url: server.url, entities }).initialize();
    const stop = async (): Promise<void> => {
      await db.destroy();
      await server.stop();
    };
    return { ...server, db, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
