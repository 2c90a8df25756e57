// The database that a command looks into, whoever runs it.
import { mkdir } from 'node:fs/promises';
import { AppError } from '../app-error.js';
import { type Config } from '../platform/config/config.js';
import { startEmbeddedPostgres } from '../platform/embedded/embedded-postgres.js';
import { ProcessTree } from '../platform/embedded/process-tree.js';
import { claimFolder, runningService } from '../platform/embedded/single-instance.js';
import { endWithSignals } from './ending.js';

/** At DATABASE_URL, else that of the service that runs on DATA_DIR, else the embedded one, started for the time of `work`. */
export async function withDatabase<T>({ DATABASE_URL, DATA_DIR }: Config, work: (url: string) => Promise<T>): Promise<T> {
  const running = DATABASE_URL ?? (await runningService(DATA_DIR))?.databaseUrl;
  if (running) return work(running);
  await mkdir(DATA_DIR, { recursive: true });
  const claim = await claimFolder(DATA_DIR);
  if (!claim) throw new AppError('service.starting', `A service is starting on ${DATA_DIR}; try again when it runs.`);
  const tree = new ProcessTree();
  const ending = endWithSignals(async () => {
    await tree.stop();
    await claim.release();
  });
  try {
    return await work(await startEmbeddedPostgres(tree, DATA_DIR));
  } finally {
    await ending.stop();
  }
}
