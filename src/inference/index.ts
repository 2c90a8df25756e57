// Front door of the model: the inference children that a worker holds, and what they keep on disk.
import { join } from 'node:path';
import { type Config } from '../platform/config/config.js';
import { type Inference } from './inference.js';
import { InferenceChild } from './inference-child.client.js';
import { InferencePool } from './inference-pool.js';

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

/** The model of this configuration on all its devices; a child is forked at the first call. */
export function createInference(config: ModelConfig): Inference {
  const [first, ...others] = config.INFERENCE_DEVICES.split(',').map(Number);
  const child = createInferenceChild(config, first);
  if (others.length === 0) return child;
  return new InferencePool([child, ...others.map((deviceId) => createInferenceChild(config, deviceId))]);
}

/** The child that holds the model on one device; it is forked at the first call. */
export function createInferenceChild(config: Omit<ModelConfig, 'INFERENCE_DEVICES'>, deviceId?: number): InferenceChild {
  const { FFMPEG_PATH, FFPROBE_PATH, MEDIA_TIMEOUT_SECONDS } = config;
  return new InferenceChild({
    modelDirectory: config.MODEL_DIR,
    provider: config.INFERENCE_PROVIDER,
    deviceId,
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
