// Front door of the model: the inference child that a worker holds.
import { type Config } from '../platform/config/config.js';
import { InferenceChild } from './inference-child.client.js';

type ModelConfig = Pick<
  Config,
  'MODEL_DIR' | 'INFERENCE_PROVIDER' | 'INFERENCE_THREADS' | 'FFMPEG_PATH' | 'FFPROBE_PATH' | 'MEDIA_TIMEOUT_SECONDS'
>;

/** The child that holds the model of this configuration; it is forked at the first call. */
export function createInferenceChild(config: ModelConfig): InferenceChild {
  const { FFMPEG_PATH, FFPROBE_PATH, MEDIA_TIMEOUT_SECONDS } = config;
  return new InferenceChild({
    modelDirectory: config.MODEL_DIR,
    provider: config.INFERENCE_PROVIDER,
    threads: config.INFERENCE_THREADS,
    media: { FFMPEG_PATH, FFPROBE_PATH, MEDIA_TIMEOUT_SECONDS },
  });
}
