// A checkpoint with its two graphs open: what answers and what parity checks are made with.
import { type Provider } from '../platform/config/devices.js';
import { requireProvider, openSession } from './onnx-session.js';
import { buildLanguageGraph } from '../model/qwen2-5-vl/language-graph.js';
import { buildVisionGraph } from '../model/qwen2-5-vl/vision-graph.js';
import { weightOf } from '../model/qwen2-5-vl/weights.js';
import { type Checkpoint, readCheckpoint } from './checkpoint.js';
import { Decoder } from './decoder.js';
import { EmbeddingTable } from './embedding-table.js';
import { VisionTower } from './vision-tower.js';

export interface ModelOptions {
  readonly provider?: Provider | undefined;
  /** Which of several graphics cards. */
  readonly deviceId?: number | undefined;
  /** Threads of one operator on the CPU; `undefined` means one per core. */
  readonly threads?: number | undefined;
  /** Opens graphs that also yield what lies between their layers. */
  readonly trace?: boolean;
}

export interface Model {
  readonly checkpoint: Checkpoint;
  readonly tower: VisionTower;
  readonly decoder: Decoder;
  close(): Promise<void>;
}

/** Throws `checkpoint.*` for a broken checkpoint and `inference.provider_unavailable`. */
export async function loadModel(directory: string, options: ModelOptions = {}): Promise<Model> {
  return openModel(await readCheckpoint(directory), options);
}

export async function openModel(checkpoint: Checkpoint, { provider = 'cpu', deviceId, threads, trace = false }: ModelOptions): Promise<Model> {
  const { config, weights, weightsFolder } = checkpoint;
  const settings = { provider, deviceId, threads, weightsFolder };
  const inPlace = provider === 'cpu';
  await requireProvider(provider, deviceId);
  const embeddings = new EmbeddingTable(weightOf(weights, 'model.embed_tokens.weight'), weightsFolder);
  const vision = await openSession(buildVisionGraph(config, weights, { trace }), settings);
  const language = await openSession(buildLanguageGraph(config, weights, { trace, inPlace }), settings);
  return {
    checkpoint,
    tower: new VisionTower(vision, config.vision),
    decoder: new Decoder(language, config.text, embeddings, inPlace),
    close: async () => {
      embeddings.close();
      await vision.release();
      await language.release();
    },
  };
}
