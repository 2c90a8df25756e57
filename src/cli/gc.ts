// `secondsight gc`: what lies in the storage, below DATA_DIR or in the database and belongs to no video, and what videos have lost.
import type { DataSource } from 'typeorm';
import { AppError } from '../app-error.js';
import { featureBytesOf, featureFolder, listFeatureHashes, removeFeaturesOf } from '../inference/index.js';
import { type Config, loadConfig } from '../platform/config/config.js';
import { createDataSource } from '../platform/database/data-source.js';
import { createStorage, type Storage } from '../platform/storage/index.js';
import { ORPHAN_MS, orphanedObjects } from '../videos/index.js';
import { withDatabase } from './database.js';

export interface GcOptions {
  readonly remove: boolean;
  /** Younger objects are left alone. */
  readonly hours?: number | undefined;
  readonly json: boolean;
}

/** `lost`: a row names an object that is not there; only its upload brings it back. */
interface Finding {
  readonly kind: 'object' | 'features' | 'worker' | 'lost';
  readonly name: string;
  readonly bytes: number;
  /** Absent for what cannot be removed. */
  readonly remove?: () => Promise<unknown>;
}

const HOUR_MS = 3600 * 1000;
const SOMETHING_LEFT = 3;

export async function gc({ remove, hours = ORPHAN_MS / HOUR_MS, json }: GcOptions): Promise<number> {
  const config = loadConfig();
  return withDatabase(config, async (url) => {
    const dataSource = await createDataSource({ url, entities: [], poolSize: 2 }).initialize();
    try {
      await requireSchema(dataSource);
      const storage = await createStorage(config);
      let [found, left, bytes] = [0, 0, 0];
      for await (const finding of findings(dataSource, storage, config, new Date(Date.now() - hours * HOUR_MS))) {
        const removed = remove && finding.remove !== undefined;
        if (removed) await finding.remove?.();
        else left++;
        found++;
        bytes += finding.bytes;
        print(finding, removed, json);
      }
      if (!json) process.stdout.write(found === 0 ? 'Nothing is left over.\n' : `${found} found, ${bytes} bytes; ${found - left} removed.\n`);
      return left > 0 ? SOMETHING_LEFT : 0;
    } finally {
      await dataSource.destroy();
    }
  });
}

/** Looking changes nothing, so an older schema is not brought up to date either. */
async function requireSchema(dataSource: DataSource): Promise<void> {
  const known = await dataSource.query<unknown[]>(`SELECT 1 FROM information_schema.columns WHERE table_name = 'videos' AND column_name = 'content_removed_at'`);
  if (known.length === 0) throw new AppError('database.not_migrated', 'The schema of the database is older than this program: run `secondsight migrate`, or `up`, first.');
}

async function* findings(dataSource: DataSource, storage: Storage, config: Config, before: Date): AsyncGenerator<Finding> {
  for await (const { key, bytes } of orphanedObjects(dataSource, storage, before)) yield { kind: 'object', name: key, bytes, remove: () => storage.remove(key) };
  yield* leftFeatures(dataSource, featureFolder(config));
  const gone = await dataSource.query<{ id: string }[]>(`SELECT id FROM workers WHERE seen_at < now() - make_interval(days => 1)`);
  for (const { id } of gone) yield { kind: 'worker', name: id, bytes: 0, remove: () => dataSource.query('DELETE FROM workers WHERE id = $1', [id]) };
  yield* lostObjects(dataSource, storage);
}

async function* leftFeatures(dataSource: DataSource, folder: string): AsyncGenerator<Finding> {
  const hashes = await listFeatureHashes(folder);
  const rows = await dataSource.query<{ sha256: string }[]>('SELECT sha256 FROM videos WHERE sha256 = ANY($1) AND content_removed_at IS NULL', [hashes]);
  const known = new Set(rows.map(({ sha256 }) => sha256));
  for (const hash of hashes) {
    if (!known.has(hash)) yield { kind: 'features', name: hash, bytes: await featureBytesOf(folder, hash), remove: () => removeFeaturesOf(folder, hash) };
  }
}

async function* lostObjects(dataSource: DataSource, storage: Storage): AsyncGenerator<Finding> {
  const stored = new Set<string>();
  for await (const { key } of storage.list()) stored.add(key);
  const named = await dataSource.query<{ key: string; video_id: string }[]>(
    `SELECT key, video_id FROM stored_objects JOIN videos ON videos.id = video_id WHERE content_removed_at IS NULL AND status = 'ready'`,
  );
  for (const { key, video_id } of named) if (!stored.has(key)) yield { kind: 'lost', name: `${key} of video ${video_id}`, bytes: 0 };
}

function print({ kind, name, bytes }: Finding, removed: boolean, json: boolean): void {
  const line = json ? JSON.stringify({ kind, name, bytes, removed }) : `${kind.padEnd(8)}  ${String(bytes).padStart(12)}  ${name}${removed ? '  removed' : ''}`;
  process.stdout.write(`${line}\n`);
}
