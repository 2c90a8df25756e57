// What a checkpoint calls itself, and what it is fit for.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { hashOf } from './checkpoint-hash.js';
import { type Checkpoint, readCheckpointJson, type ShardFile } from './checkpoint.js';
import { type PackingScheme } from '../model/qwen2-5-vl/packing.js';
import { type ModelCard, PURPOSES } from './inference.js';
import { PACKING_VERSION } from './packed/packed-folder.js';

/** Optional file beside the weights: what to tell people about the checkpoint, and how it is best used. */
const NOTES_FILE = 'secondsight.json';
const notesSchema = z.object({
  name: z.string().min(1).optional(),
  /** One sentence, present when the checkpoint only knows a drawn world. */
  limitation: z.string().min(1).optional(),
  /** Of what else it is asked its answers mean nothing; absent: of nothing. */
  trained_for: z.array(z.enum(PURPOSES)).optional(),
  window_seconds: z.number().positive().optional(),
  window_overlap_seconds: z.number().nonnegative().optional(),
  fps: z.number().positive().optional(),
  /** Rates and frames of one window that the checkpoint copes with. */
  min_fps: z.number().positive().optional(),
  max_fps: z.number().positive().optional(),
  max_frames: z.int().min(2).optional(),
  /** See src/model/grounding/calibration.ts. */
  calibration: z
    .object({
      ...{ bias: z.number(), occurrence: z.number(), grounding: z.number() },
      ...{ described: z.number().default(0), undescribed: z.number().default(0), searched: z.number().default(0) },
      threshold: z.number().min(0).max(1),
    })
    .optional(),
  /** What it was measured to do: told to people, and no part of what decides its answers. */
  figures: z
    .array(z.object({ name: z.string().min(1).max(100), value: z.string().min(1).max(100), of: z.string().min(1).max(300) }))
    .max(50)
    .optional(),
});

type Notes = z.output<typeof notesSchema>;

/** Throws `checkpoint.notes_invalid` for a secondsight.json that cannot be understood. */
export async function describeModel(checkpoint: Omit<Checkpoint, 'weights'>): Promise<ModelCard> {
  const { directory, config, files } = checkpoint;
  const { figures, ...notes } = await readNotes(directory);
  return {
    name: notes.name ?? basename(resolve(directory)),
    hash: await hashOf(directory, files),
    notesHash: createHash('sha256').update(JSON.stringify(notes)).digest('hex').slice(0, 16),
    directory,
    parameters: countParameters(files),
    tokensPerSecond: config.vision.tokensPerSecond,
    limitation: notes.limitation,
    ...adviceOf(notes),
    figures,
  };
}

/** How a checkpoint is best used. */
export const adviceOf = (notes: Omit<Notes, 'figures'>) => ({
  trainedFor: notes.trained_for,
  windowSeconds: notes.window_seconds,
  windowOverlapSeconds: notes.window_overlap_seconds,
  fps: notes.fps,
  minFps: notes.min_fps,
  maxFps: notes.max_fps,
  maxFrames: notes.max_frames,
  calibration: notes.calibration,
});

/** The same weights asked about positions that count groups: another model, whose answers nobody may take for those of the checkpoint. */
export function withoutAbsoluteTime(card: ModelCard): ModelCard {
  const hash = createHash('sha256').update(`${card.hash} without absolute time`).digest('hex').slice(0, 16);
  return { ...card, hash, name: `${card.name} without absolute time`, limitation: 'Absolute time is switched off (ABSOLUTE_TIME): for evaluations only.' };
}

/** Packed weights see and say something else than those they were packed from, if only in the last digit: nothing of one is served for the other. */
export function withPackedWeights(card: ModelCard, scheme: PackingScheme): ModelCard {
  const hash = createHash('sha256').update(`${card.hash} ${scheme} ${PACKING_VERSION}`).digest('hex').slice(0, 16);
  return { ...card, hash, name: `${card.name} ${scheme}` };
}

/** What a folder says of its checkpoint; nothing where it has no secondsight.json. Throws `checkpoint.notes_invalid`. */
export async function readNotes(directory: string): Promise<Notes> {
  if (!existsSync(join(directory, NOTES_FILE))) return {};
  const result = notesSchema.safeParse(await readCheckpointJson(directory, NOTES_FILE));
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new AppError('checkpoint.notes_invalid', `${NOTES_FILE} in ${directory}: ${faults}.`, { details: { file: NOTES_FILE } });
}

function countParameters(files: readonly ShardFile[]): number {
  const sizes = files.flatMap(({ header }) => [...header.tensors.values()].map(({ shape }) => shape.reduce((product, side) => product * side, 1)));
  return sizes.reduce((sum, size) => sum + size, 0);
}
