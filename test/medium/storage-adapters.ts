// Every adapter of the storage, each on a machine that a test may have several of.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createS3Storage, type S3StorageOptions } from '../../src/platform/storage/s3-storage.js';
import { createLocalStorage, type Storage } from '../../src/platform/storage/index.js';
import { givenObjectStore, type ObjectStore, type ObjectStoreKind, s3rver } from './object-store.js';
import { temporaryFolder } from './servers.js';

export interface StorageAdapter {
  readonly name: string;
  readonly missing: string | undefined;
  /** Begins with nothing stored. */
  start(): Promise<StartedStorage>;
}

export interface StartedStorage {
  /** Folder of the machine. */
  readonly folder: string;
  open(options?: { reserveBytes: number }): Promise<Storage>;
  stop(): Promise<void>;
}

export const localFolder: StorageAdapter = {
  name: 'a local folder',
  missing: undefined,
  start: () => {
    const folder = temporaryFolder();
    return Promise.resolve({
      folder,
      open: (options) => createLocalStorage(folder, options),
      stop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
    });
  },
};

export interface StartedBucket extends StartedStorage {
  readonly store: ObjectStore;
  readonly bucket: string;
  /** Another machine, or another process of one. */
  machine(name: string, options?: Partial<S3StorageOptions>): Promise<Storage>;
  /** Keys of which that machine has copies. */
  copies(name: string): string[];
}

export async function startBucket(kind: ObjectStoreKind): Promise<StartedBucket> {
  const store = await kind.start();
  const bucket = await store.bucket();
  const folder = temporaryFolder();
  const machine = (name: string, options: Partial<S3StorageOptions> = {}): Promise<Storage> => {
    const directory = join(folder, name);
    mkdirSync(directory, { recursive: true });
    return createS3Storage(store.client, { bucket, directory, cacheBytes: 1e9, reserveBytes: 0, ...options });
  };
  return {
    ...{ store, bucket, machine },
    folder: join(folder, 'one'),
    open: (options) => machine('one', options),
    copies: (name) => (existsSync(join(folder, name, 'copies')) ? readdirSync(join(folder, name, 'copies')) : []),
    stop: async () => {
      await store.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const bucketOf = (kind: ObjectStoreKind): StorageAdapter => ({ name: `a bucket of ${kind.name}`, missing: kind.missing, start: () => startBucket(kind) });

export const storageAdapters: readonly StorageAdapter[] = [localFolder, ...[s3rver, givenObjectStore].map(bucketOf)];
