// Front door of the model that other machines serve: the inference port over vLLM servers.
import { log } from '../../platform/log/log.js';
import { type Config } from '../../platform/config/config.js';
import { Media } from '../../platform/media/index.js';
import { FeatureCache } from '../feature-cache.js';
import { type PoolSettings } from './server-pool.js';
import { VllmInference } from './vllm-inference.js';
import { FRAMES_RECORD } from './window-frames.js';

export type RemoteConfig = Pick<Config, 'VLLM_URLS' | 'VLLM_MODEL' | 'VLLM_API_KEY' | 'VLLM_TIMEOUT_SECONDS' | 'VLLM_CONCURRENCY' | 'VLLM_TIMING' | 'VLLM_CARD_DIR'>;
type FrameConfig = Pick<Config, 'FEATURE_CACHE_BYTES' | 'FFMPEG_PATH' | 'FFPROBE_PATH' | 'MEDIA_TIMEOUT_SECONDS'>;

/** How long a server that fails is left alone, how long one that passed is believed, and how long is waited before a request is sent again. */
const PATIENCE = { asideMs: 5000, againMs: 15 * 60_000, retryMs: [500, 2000, 8000] } as const;

/** Nobody is asked before the first call. `frameFolder` keeps the frames of windows, as it does features. */
export function createVllmInference(config: Partial<RemoteConfig> & { VLLM_URLS: readonly string[] } & FrameConfig, frameFolder: string, patience: Omit<PoolSettings, 'concurrency'> = PATIENCE): VllmInference {
  const { VLLM_URLS, VLLM_MODEL, VLLM_API_KEY, VLLM_TIMEOUT_SECONDS = 300, VLLM_CONCURRENCY = 8, VLLM_TIMING = 'video', VLLM_CARD_DIR } = config;
  const onFault = (error: unknown): void => log.warn({ err: error, folder: frameFolder }, 'frames of windows cannot be kept on disk; they are decoded anew each time');
  return new VllmInference({
    servers: VLLM_URLS.map((url) => ({ url, model: VLLM_MODEL, apiKey: VLLM_API_KEY, timeoutMs: VLLM_TIMEOUT_SECONDS * 1000, timing: VLLM_TIMING })),
    timing: VLLM_TIMING,
    cardDirectory: VLLM_CARD_DIR,
    pool: { concurrency: VLLM_CONCURRENCY, ...patience },
    media: new Media(config),
    kept: new FeatureCache({ form: FRAMES_RECORD, folder: frameFolder, maxBytes: config.FEATURE_CACHE_BYTES, onFault }),
  });
}
