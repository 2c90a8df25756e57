// The embedders that the configuration names: texts to an OpenAI-compatible address or a CLIP pair, pictures to the pair.
import { type Embedders, HttpEmbedder } from './embeddings/index.js';
import { ClipChild } from './inference/clip/index.js';
import { type Config } from './platform/config/config.js';

type EmbedderConfig = Pick<Config, 'EMBEDDINGS_URL' | 'EMBEDDINGS_MODEL' | 'EMBEDDINGS_API_KEY' | 'CLIP_DIR' | 'INFERENCE_THREADS'>;

/** Nothing is opened before the first call. */
export function createEmbedders(config: EmbedderConfig): Embedders {
  const { EMBEDDINGS_URL: url, EMBEDDINGS_MODEL: model, EMBEDDINGS_API_KEY: apiKey, CLIP_DIR: directory, INFERENCE_THREADS: threads } = config;
  const pictures = directory === undefined ? undefined : new ClipChild({ directory, threads });
  return { pictures, texts: url === undefined ? pictures : new HttpEmbedder({ url, model, apiKey }) };
}
