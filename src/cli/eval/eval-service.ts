// The service that an evaluation asks: the one at `--server`, else one of its own on an empty folder, so that nothing else is touched.
import { join } from 'node:path';
import { packedRoot } from '../../inference/index.js';
import { type Config } from '../../platform/config/config.js';
import { ApiClient } from '../api-client.js';
import { tellLimitations } from '../limitations.js';
import { startStack, withoutSlash } from '../stack.js';

export interface AskedService {
  readonly model?: string | undefined;
  readonly server?: string | undefined;
  readonly key?: string | undefined;
}

export const tell = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

/** `isOurs`: it runs below this process. What it stores lies in `folder/service`. */
export async function withService<T>({ model, server, key }: AskedService, config: Config, folder: string, work: (api: ApiClient, isOurs: boolean) => Promise<T>): Promise<T> {
  if (server !== undefined) {
    const api = new ApiClient(withoutSlash(server), undefined, key ?? config.SECONDSIGHT_API_KEY);
    await tellLimitations(api, tell);
    return work(api, false);
  }
  const own = { PORT: '0', DATA_DIR: join(folder, 'service'), DATABASE_URL: '', REDIS_URL: '' };
  const stack = await startStack({ env: { ...own, ...(config.WEIGHTS !== 'fp32' && { WEIGHTS_DIR: packedRoot(config) }), ...(model !== undefined && { MODEL_DIR: config.MODEL_DIR }) } });
  try {
    const api = new ApiClient(stack.baseUrl);
    await tellLimitations(api, tell);
    return await work(api, true);
  } finally {
    await stack.stop();
  }
}
