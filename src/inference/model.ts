// A checkpoint with its two graphs open: what answers and what parity checks are made with.
import { join } from 'node:path';
import { type Provider } from '../platform/config/devices.js';
import { buildLanguageGraph } from '../model/qwen2-5-vl/language-graph.js';
import { buildVisionGraph } from '../model/qwen2-5-vl/vision-graph.js';
import { weightOf } from '../model/qwen2-5-vl/weights.js';
import { type Checkpoint, readCheckpoint } from './checkpoint.js';
import { Decoder } from './decoder.js';
import { EmbeddingTable } from './embedding-table.js';
import { openSavedSession, openSession, requireProvider } from './onnx-session.js';
import { GRAPHS } from './packed/packed-folder.js';
import { VisionTower } from './vision-tower.js';

export interface ModelOptions {
  readonly provider?: Provider | undefined;
  /** Which of several graphics cards. */
  readonly deviceId?: number | undefined;
  /** Threads of one operator on the CPU; `undefined` means one per core. */
  readonly threads?: number | undefined;
  /** Folder of packed weights to run instead of the checkpoint's own; on the CPU alone, and without `trace`. */
  readonly packedFolder?: string | undefined;
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

export async function openModel(checkpoint: Checkpoint, options: ModelOptions): Promise<Model> {
  const { config, weights, weightsFolder } = checkpoint;
  const { provider = 'cpu', deviceId } = options;
  const inPlace = provider === 'cpu';
  await requireProvider(provider, deviceId);
  const embeddings = new EmbeddingTable(weightOf(weights, 'model.embed_tokens.weight'), weightsFolder);
  const { vision, language } = await openGraphs(checkpoint, { ...options, inPlace });
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

async function openGraphs(checkpoint: Checkpoint, { provider = 'cpu', deviceId, threads, packedFolder, trace = false, inPlace }: ModelOptions & { inPlace: boolean }) {
  if (packedFolder !== undefined) {
    const open = (name: string) => openSavedSession(join(packedFolder, name), threads);
    return { vision: await open(GRAPHS.vision), language: await open(GRAPHS.language) };
  }
  const { config, weights, weightsFolder } = checkpoint;
  const settings = { provider, deviceId, threads, weightsFolder };
  const vision = await openSession(buildVisionGraph(config, weights, { trace }), settings);
  return { vision, language: await openSession(buildLanguageGraph(config, weights, { trace, inPlace }), settings) };
}
