// Front door of the model: the inference children that a worker holds, and what they keep on disk.
import { join } from 'node:path';
import { type Config } from '../platform/config/config.js';
import { type Device, devicesOf } from '../platform/config/devices.js';
import { type Inference } from './inference.js';
import { InferenceChild } from './inference-child.client.js';
import { InferencePool } from './inference-pool.js';
import { createVllmInference, type RemoteConfig } from './vllm/index.js';

export { modelWarnings } from './model-warnings.js';
export { isFileNeeded, neededContent } from './file-needed.js';
export { featureBytesOf, listFeatureHashes, removeFeaturesOf } from './feature-cache.js';

type ModelConfig = Pick<
  Config,
  | 'DATA_DIR'
  | 'MODEL_DIR'
  | 'INFERENCE_PROVIDER'
  | 'INFERENCE_THREADS'
  | 'INFERENCE_DEVICES'
  | 'FEATURE_CACHE_BYTES'
  | 'PREFIX_CACHE_BYTES'
  | 'FFMPEG_PATH'
  | 'FFPROBE_PATH'
  | 'MEDIA_TIMEOUT_SECONDS'
> &
  Partial<Pick<Config, 'ABSOLUTE_TIME' | 'WEIGHTS' | 'WEIGHTS_DIR'>>;

/** Folder of what was seen of windows, shared by all that work on this DATA_DIR. */
export const featureFolder = ({ DATA_DIR }: Pick<Config, 'DATA_DIR'>): string => join(DATA_DIR, 'features');

/** Folder of weights that were packed for this machine. */
export const packedRoot = ({ WEIGHTS_DIR, DATA_DIR }: Pick<Config, 'DATA_DIR'> & Partial<Pick<Config, 'WEIGHTS_DIR'>>): string => WEIGHTS_DIR ?? join(DATA_DIR, 'weights');

/** The model of this configuration, on all devices of this machine or on other machines; nothing is loaded or asked before the first call. */
export function createInference(config: ModelConfig & Partial<RemoteConfig>): Inference {
  const { VLLM_URLS: urls } = config;
  if (urls) return createVllmInference({ ...config, VLLM_URLS: urls }, featureFolder(config));
  const [first, ...others] = devicesOf(config).map((device) => createInferenceChild(config, device)) as [InferenceChild, ...InferenceChild[]];
  return others.length === 0 ? first : new InferencePool([first, ...others]);
}

/** How many windows can be under way at a time. */
export function windowsAtOnce(config: Pick<Config, 'INFERENCE_PROVIDER' | 'INFERENCE_DEVICES' | 'VLLM_URLS' | 'VLLM_CONCURRENCY'>): number {
  return config.VLLM_URLS ? config.VLLM_URLS.length * config.VLLM_CONCURRENCY : devicesOf(config).length;
}

/** The child that holds the model on one device; it is forked at the first call. */
export function createInferenceChild(config: Omit<ModelConfig, 'INFERENCE_DEVICES'>, device?: Device): InferenceChild {
  const { FFMPEG_PATH, FFPROBE_PATH, MEDIA_TIMEOUT_SECONDS } = config;
  return new InferenceChild({
    modelDirectory: config.MODEL_DIR,
    provider: device?.provider ?? config.INFERENCE_PROVIDER,
    deviceId: device?.deviceId,
    threads: config.INFERENCE_THREADS,
    absoluteTime: config.ABSOLUTE_TIME !== 'off',
    weights: config.WEIGHTS,
    packedRoot: packedRoot(config),
    featureFolder: featureFolder(config),
    featureBytes: config.FEATURE_CACHE_BYTES,
    prefixBytes: config.PREFIX_CACHE_BYTES,
    media: { FFMPEG_PATH, FFPROBE_PATH, MEDIA_TIMEOUT_SECONDS },
  });
}
