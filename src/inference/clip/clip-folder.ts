// A CLIP-style pair as published in ONNX layout: where its files lie, how its pictures are prepared, and the hash that tells it from others.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../app-error.js';
import { readCheckpointJson } from '../checkpoint.js';

export interface PicturePreparation {
  readonly width: number;
  readonly height: number;
  /** Pixels of the shorter side before the middle is cut out; undefined: both sides are stretched to fit. */
  readonly shortestEdge: number | undefined;
  readonly rescale: number;
  readonly mean: readonly number[]; // [3]
  readonly deviation: readonly number[]; // [3]
}

export interface ClipFolder {
  readonly name: string;
  readonly textModel: string;
  readonly visionModel: string;
  readonly tokenizer: unknown;
  /** Most ids of a text, its closing token included. */
  readonly maxTokens: number;
  readonly preparation: PicturePreparation;
}

const side = z.number().int().min(1).max(4096);
const size = z.union([
  side.transform((edge) => ({ shortest_edge: edge })),
  z.object({ shortest_edge: side }),
  z.object({ width: side, height: side }),
]);
const channels = z.array(z.number()).length(3);

const preprocessor = z.object({
  do_resize: z.boolean().default(true),
  size: size.optional(),
  do_center_crop: z.boolean().default(false),
  crop_size: z.union([side.transform((edge) => ({ width: edge, height: edge })), z.object({ width: side, height: side })]).optional(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().positive().default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: channels.default([0.48145466, 0.4578275, 0.40821073]),
  image_std: channels.default([0.26862954, 0.26130258, 0.27577711]),
});

/** Texts of every published CLIP are this long. */
const DEFAULT_TOKENS = 77;
const HASHED_BYTES = 1024 * 1024;

/** Throws `checkpoint.*`, naming what is missing or cannot be understood. */
export async function readClipFolder(directory: string): Promise<ClipFolder> {
  if (!existsSync(directory)) throw new AppError('checkpoint.directory_missing', `There is no folder ${directory}; CLIP_DIR must name one.`);
  const textModel = modelFile(directory, 'text_model.onnx');
  const visionModel = modelFile(directory, 'vision_model.onnx');
  const tokenizer = await readCheckpointJson(directory, 'tokenizer.json');
  const preparation = readPreparation(directory, await readCheckpointJson(directory, 'preprocessor_config.json'));
  const hash = createHash('sha256');
  for (const file of [textModel, visionModel]) await hashEnds(hash, file);
  hash.update(JSON.stringify([tokenizer, preparation]));
  return {
    name: `clip:${basename(resolve(directory))}:${hash.digest('hex').slice(0, 12)}`,
    ...{ textModel, visionModel, tokenizer, preparation },
    maxTokens: await readMaxTokens(directory),
  };
}

/** Exports put the graphs beside the configuration or into a folder `onnx`. */
function modelFile(directory: string, name: string): string {
  const found = [join(directory, name), join(directory, 'onnx', name)].find((path) => existsSync(path));
  if (found === undefined) throw new AppError('checkpoint.file_missing', `${name} is missing in ${directory}.`, { details: { file: name } });
  return found;
}

function readPreparation(directory: string, json: unknown): PicturePreparation {
  const result = preprocessor.safeParse(json);
  const config = result.data;
  const edge = config?.size && 'shortest_edge' in config.size ? config.size.shortest_edge : undefined;
  const target = config?.do_center_crop ? config.crop_size : config?.size && 'width' in config.size ? config.size : undefined;
  const both = target ?? (edge === undefined ? undefined : { width: edge, height: edge });
  if (!config || !both) {
    throw new AppError('checkpoint.config_invalid', `preprocessor_config.json in ${directory} does not tell the size of a picture.`, { cause: result.error });
  }
  return {
    ...both,
    shortestEdge: config.do_resize ? edge : undefined,
    rescale: config.do_rescale ? config.rescale_factor : 1,
    mean: config.do_normalize ? config.image_mean : [0, 0, 0],
    deviation: config.do_normalize ? config.image_std : [1, 1, 1],
  };
}

async function readMaxTokens(directory: string): Promise<number> {
  const name = 'tokenizer_config.json';
  if (!existsSync(join(directory, name))) return DEFAULT_TOKENS;
  const { model_max_length: length } = (await readCheckpointJson(directory, name)) as { model_max_length?: unknown };
  return typeof length === 'number' && Number.isInteger(length) && length >= 2 && length <= 4096 ? length : DEFAULT_TOKENS;
}

/** The size, the first and the last megabyte: enough to tell one export from another. */
async function hashEnds(hash: ReturnType<typeof createHash>, path: string): Promise<void> {
  const bytes = (await stat(path)).size;
  hash.update(`${bytes}\n`);
  const handle = await open(path);
  try {
    for (const at of [0, Math.max(0, bytes - HASHED_BYTES)]) {
      const sample = new Uint8Array(Math.min(HASHED_BYTES, bytes));
      await handle.read(sample, 0, sample.length, at);
      hash.update(sample);
    }
  } finally {
    await handle.close();
  }
}
