// `secondsight migrate`: the schema of the database, on its own.
import { loadConfig, requireDatabaseUrl } from '../platform/config/config.js';
import { migrate, revert } from '../platform/database/migrate.js';

/** Exit code 0 once the schema is as asked. */
export async function migrateDatabase(back: boolean): Promise<number> {
  const url = requireDatabaseUrl(loadConfig());
  if (back) {
    await revert(url);
    process.stdout.write('Took the newest migration back.\n');
  } else {
    const names = await migrate(url);
    process.stdout.write(names.length > 0 ? names.map((name) => `Ran ${name}.\n`).join('') : 'The schema is up to date.\n');
  }
  return 0;
}
