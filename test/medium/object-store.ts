// S3-compatible object stores for the tests: one in this process always, and the one that OBJECT_STORE_URL names.
import { CreateBucketCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type Server } from 'node:http';
import S3rver from 's3rver';
import { loadConfig } from '../../src/platform/config/config.js';
import { createS3Client } from '../../src/platform/storage/s3-client.js';
import { freePort } from '../../src/platform/embedded/free-port.js';
import { temporaryFolder } from './servers.js';

export interface ObjectStore {
  /** For the product, but for S3_BUCKET. */
  readonly env: { readonly S3_ENDPOINT: string; readonly S3_ACCESS_KEY_ID: string; readonly S3_SECRET_ACCESS_KEY: string };
  readonly client: S3Client;
  /** An empty one of its own; resolves with its name. */
  bucket(): Promise<string>;
  /** Method and path of every request that came; of none where the store is not in this process. */
  readonly requests: readonly string[];
  /** Until `back`, nothing answers. */
  away(): Promise<void>;
  back(): Promise<void>;
  stop(): Promise<void>;
}

export interface ObjectStoreKind {
  readonly name: string;
  start(): Promise<ObjectStore>;
}

const HOST = '127.0.0.1';

export const s3rver: ObjectStoreKind = {
  name: 's3rver',
  start: async () => {
    const directory = temporaryFolder();
    const port = await freePort(HOST);
    const requests: string[] = [];
    const launch = async (): Promise<S3rver> => {
      const server = new S3rver({ address: HOST, port, directory, silent: true, configureBuckets: [] });
      await server.run();
      httpOf(server).on('request', ({ method, url }) => requests.push(`${method} ${url}`));
      return server;
    };
    let server: S3rver | undefined = await launch();
    const away = async (): Promise<void> => {
      const closed = server?.close();
      if (server) httpOf(server).closeAllConnections();
      await closed;
      server = undefined;
    };
    return {
      ...reached({ S3_ENDPOINT: `http://${HOST}:${port}`, S3_ACCESS_KEY_ID: 'S3RVER', S3_SECRET_ACCESS_KEY: 'S3RVER' }),
      requests,
      away,
      back: async () => {
        server ??= await launch();
      },
      stop: async () => {
        await away();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  },
};

const httpOf = (server: S3rver): Server => (server as unknown as { httpServer: Server }).httpServer;

const given = process.env['OBJECT_STORE_URL'];

const runningStore = (at: string): ObjectStoreKind => ({
  name: 'the store of OBJECT_STORE_URL',
  start: () => {
    const { origin, username, password } = new URL(at);
    const nothing = (): Promise<void> => Promise.resolve();
    return Promise.resolve({ ...reached({ S3_ENDPOINT: origin, S3_ACCESS_KEY_ID: username, S3_SECRET_ACCESS_KEY: password }), requests: [], away: nothing, back: nothing, stop: nothing });
  },
});

/** With one that runs already, where it is named as `http://key:secret@host:9000`. */
export const objectStores: readonly ObjectStoreKind[] = [s3rver, ...(given === undefined ? [] : [runningStore(given)])];

function reached(env: ObjectStore['env']): Pick<ObjectStore, 'env' | 'client' | 'bucket'> {
  const client = createS3Client(loadConfig({ ...env, S3_BUCKET: 'any' }));
  return {
    env,
    client,
    bucket: async () => {
      const Bucket = `test-${randomUUID()}`;
      await client.send(new CreateBucketCommand({ Bucket }));
      return Bucket;
    },
  };
}

/** Keys of everything in the bucket. */
export async function keysIn(client: S3Client, Bucket: string): Promise<string[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key = '' }) => Key);
}
