// Parity with one run of the reference implementation on the same checkpoint: every stage's numbers, and both sides' seconds.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { loadModel, type Model } from '../inference/model.js';
import { loadTokenizer } from '../inference/text-tokenizer.js';
import { decoderPrompt, type DecoderPrompt } from '../model/qwen2-5-vl/decoder-prompt.js';
import { multimodalPositions } from '../model/qwen2-5-vl/mrope.js';
import { type Grid, patchify, tokensOf } from '../model/qwen2-5-vl/patches.js';
import { expandPlaceholders, renderChat } from '../model/qwen2-5-vl/prompt.js';
import { continueGreedily } from './continuation.js';
import { Stopwatch } from './stopwatch.js';
import { TensorFile } from './vectors.js';

/** One stage: `difference` is the largest absolute one, `scale` the largest stored magnitude, `tolerance` relative to it. */
export interface StageReport {
  readonly stage: string;
  readonly difference: number;
  readonly scale: number;
  readonly tolerance: number;
  readonly passed: boolean;
}

export interface Seconds {
  readonly wall: number;
  readonly cpu: number;
}

export interface ReferenceReport {
  readonly stages: readonly StageReport[];
  readonly seconds: ReadonlyMap<string, { readonly ours: Seconds; readonly theirs: Seconds | undefined }>;
  readonly threads: number;
}

/** What STEM.json tells of the run beside STEM.safetensors. */
interface ReferenceRun {
  readonly args: { readonly prompt: string; readonly fps: number; readonly dtype: 'float32' | 'bfloat16'; readonly threads: number };
  readonly grid_thw: readonly [Grid];
  readonly seconds: Readonly<Record<string, Seconds>>;
}

/** Relative to the scale of the stage: summation order in float32; the rounding of every product in bfloat16. */
const TOLERANCE = { float32: 1e-4, bfloat16: 5e-2 } as const;
const PIXEL_TOLERANCE = 1e-6;

/** `stem` is the path of the reference's files without their endings. The same threads are used as the reference had. */
export async function compareWithReference(directory: string, stem: string): Promise<ReferenceReport> {
  const run = JSON.parse(await readFile(`${stem}.json`, 'utf8')) as ReferenceRun;
  const stored = await TensorFile.read(dirname(stem), `${basename(stem)}.safetensors`);
  const { threads, dtype } = run.args;
  const watch = new Stopwatch();
  const stages: StageReport[] = [];
  const compare = (stage: string, actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number = TOLERANCE[dtype]): void => {
    stages.push(stageReport(stage, actual, expected, tolerance));
  };

  const model = await watch.time('load', () => loadModel(directory, { threads }));
  try {
    const [grid] = run.grid_thw;
    const patches = patchesOf(stored);
    compare('pixel_values', patches, stored.floats('pixel_values').data, PIXEL_TOLERANCE);
    const features = await watch.time('vision', () => model.tower.encode(patches, grid));
    compare('video_features', features, stored.floats('video_features').data);

    const prompt = await promptOf(directory, model, run, stored, features);
    compare('input_ids', prompt.ids, stored.integers('input_ids').data, 0);
    compare('position_ids', prompt.positionIds, stored.integers('position_ids').data, 0);
    const room = stored.integers('new_tokens').data.length;
    const lastLogits = await watch.time('prefill', () => model.decoder.prefill(prompt, { room }));
    compare('last_logits', lastLogits, stored.floats('last_logits').data);
    const stepLogits = await watch.time('decode', () => logitsAlong(model, lastLogits, stored.integers('new_tokens').data));
    compare('step_logits', stepLogits, stored.floats('step_logits').data);

    const { tokens } = await continueGreedily(model.decoder, prompt, { count: room, repetitionPenalty: 1, eosTokenIds: [] });
    compare('new_tokens', tokens, stored.integers('new_tokens').data, 0);
  } finally {
    await model.close();
  }
  return { stages, threads, seconds: new Map([...watch.seconds].map(([stage, ours]) => [stage, { ours, theirs: run.seconds[stage] }])) };
}

function patchesOf(stored: TensorFile): Float32Array {
  const { shape, data } = stored.bytes('frames');
  const [count = 0, height = 0, width = 0] = shape;
  const frames = Array.from({ length: count }, (_, t) => data.subarray(t * height * width * 3, (t + 1) * height * width * 3));
  return patchify(frames, height, width).pixelValues;
}

/** The prompt from its words, where the checkpoint has a tokenizer; else from the stored ids. Positions are always ours. */
async function promptOf(directory: string, model: Model, { args, grid_thw }: ReferenceRun, stored: TensorFile, features: Float32Array): Promise<DecoderPrompt> {
  const { config } = model.checkpoint;
  const [grid] = grid_thw;
  let ids: ArrayLike<number> = stored.integers('input_ids').data;
  if (existsSync(join(directory, 'tokenizer.json'))) {
    const rendered = renderChat([{ role: 'user', content: [{ type: 'video' }, { type: 'text', text: args.prompt }] }]);
    ids = (await loadTokenizer(directory)).encode(expandPlaceholders(rendered, { videos: [grid] }));
  }
  const positions = multimodalPositions({
    inputIds: [ids],
    videoGrids: [grid],
    secondPerGrids: [2 / args.fps],
    tokens: config,
    tokensPerSecond: config.vision.tokensPerSecond,
  });
  const span = { start: Array.from(ids).indexOf(config.videoTokenId), rows: tokensOf(grid), features };
  return decoderPrompt(Int32Array.from(ids), positions, [span]);
}

/** Logits of every step along the reference's own tokens, end to end; the first ones are those of the prefill. */
async function logitsAlong({ decoder }: Model, first: Float32Array, tokens: Int32Array): Promise<Float32Array> {
  const all = new Float32Array(tokens.length * first.length);
  all.set(first);
  for (let step = 1; step < tokens.length; step++) all.set(await decoder.step(tokens[step - 1]!), step * first.length);
  return all;
}

function stageReport(stage: string, actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): StageReport {
  let difference = actual.length === expected.length ? 0 : Infinity;
  let scale = 0;
  for (let k = 0; k < expected.length; k++) {
    const here = Math.abs(actual[k]! - expected[k]!);
    if (!(here <= difference)) difference = here; // also when it is not a number
    scale = Math.max(scale, Math.abs(expected[k]!));
  }
  return { stage, difference, scale, tolerance, passed: difference <= tolerance * scale };
}
