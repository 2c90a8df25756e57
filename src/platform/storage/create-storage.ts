// The storage that the configuration asks for: a bucket of an object store, else a folder of this machine.
import { join, resolve } from 'node:path';
import { type Config } from '../config/config.js';
import { createLocalStorage } from './local-storage.js';
import { type Storage } from './storage.js';

/** Rejects where the bucket is not there for us, see `createS3Storage`. */
export async function createStorage(config: Config): Promise<Storage> {
  const { S3_BUCKET: bucket, S3_CACHE_BYTES: cacheBytes, STORAGE_RESERVE_BYTES: reserveBytes } = config;
  const dataDir = resolve(config.DATA_DIR);
  if (bucket === undefined) return createLocalStorage(join(dataDir, 'storage'), { reserveBytes });
  const { createS3Client } = await import('./s3-client.js'); // a quarter of a second, which who needs no bucket is spared
  const { createS3Storage } = await import('./s3-storage.js');
  return createS3Storage(createS3Client(config), { bucket, directory: join(dataDir, 'object-store'), cacheBytes, reserveBytes });
}
