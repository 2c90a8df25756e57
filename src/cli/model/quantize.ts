// `secondsight model quantize DIR`: packs a checkpoint into whole numbers for this machine, and keeps that only if it answers as well.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError } from '../../app-error.js';
import { readCheckpoint } from '../../inference/checkpoint.js';
import { type Engine, loadEngine } from '../../inference/engine.js';
import { packedRoot } from '../../inference/index.js';
import { describeModel } from '../../inference/model-card.js';
import { packModel, sealPacked } from '../../inference/packed/pack-model.js';
import { workFolder } from '../../inference/packed/work-folder.js';
import { packedFolder, type PackedManifest, readPacked } from '../../inference/packed/packed-folder.js';
import { type CheckedWindow, compareEngines } from '../../inference/packed/weight-check.js';
import { DENSE_EVENTS_PROMPT, groundingPrompt } from '../../model/grounding/prompts.js';
import { type PackingScheme } from '../../model/qwen2-5-vl/packing.js';
import { sliceIndex } from '../../model/grounding/index-slice.js';
import { loadConfig, PROJECT_ROOT } from '../../platform/config/config.js';
import { Media } from '../../platform/media/index.js';
import { ProgressBar, table } from '../table.js';
import { wholeVideo, worldIou } from './world-check.js';

export interface QuantizeOptions {
  readonly scheme: PackingScheme;
  readonly json: boolean;
}

/** Most of the tokens that may become others where fp32 is sure of its own. */
const MOST_CHANGED = 0.005;
/** Most that the mean IoU on the simple world may fall. */
const MOST_IOU_LOST = 0.01;

const CLIPS = join(PROJECT_ROOT, 'models/demo');
const WINDOW_SECONDS = 10; // where the checkpoint names none
const WINDOWS_A_CLIP = 4;
const QUERIES = ['red triangle grows', 'a person opens a door'];

/** Exit code 0; rejects with `weights.worse` where the check fails: nothing is kept then. */
export async function quantize(directory: string, { scheme, json }: QuantizeOptions): Promise<number> {
  const config = loadConfig();
  const checkpoint = await readCheckpoint(resolve(directory));
  const card = await describeModel(checkpoint);
  const target = packedFolder({ root: packedRoot(config), modelHash: card.hash, scheme });
  const known = await readPacked(target);
  if (known) return report(target, known, json);
  const work = await workFolder(target);
  try {
    tell(`Packing ${card.name} into ${scheme}`);
    await packModel(checkpoint, scheme, work);
    const figures = await check(new Media(config), checkpoint.directory, work, config.INFERENCE_THREADS);
    requireAsGood(figures, `${scheme} of ${card.name}`);
    return report(target, await sealPacked(work, target, { scheme, name: card.name, directory: checkpoint.directory, figures }), json);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

type Figures = Record<string, number>;

async function check(media: Media, directory: string, folder: string, threads: number | undefined): Promise<Figures> {
  tell('Checking it against fp32');
  const bar = new ProgressBar(process.stderr);
  const exact = await loadEngine(directory, { threads });
  const packed = await loadEngine(directory, { threads, packedFolder: folder });
  try {
    const windows = await demoWindows(media, exact);
    let done = 0;
    const figures = await compareEngines(media, exact, packed, windows, () => bar.draw(++done / windows.length, 'windows of the demo clips'));
    bar.finish();
    // Only a checkpoint of the drawn world can be asked about it, and only one that still says the same need be.
    return exact.card.limitation === undefined || figures.tokens_changed > MOST_CHANGED ? { ...figures } : { ...figures, ...(await worldFigures(media, exact, packed, bar)) };
  } finally {
    await exact.close();
    await packed.close();
  }
}

/** The first windows of every demo clip. */
async function demoWindows(media: Media, { card }: Engine): Promise<CheckedWindow[]> {
  if (!existsSync(CLIPS)) throw new AppError('weights.no_clips', `There are no demo clips in ${CLIPS} to check the weights on.`);
  const seconds = card.windowSeconds ?? WINDOW_SECONDS;
  const windows: CheckedWindow[] = [];
  for (const name of (await readdir(CLIPS)).filter((each) => each.endsWith('.mp4')).sort()) {
    const whole = await wholeVideo(media, join(CLIPS, name));
    for (let k = 0; k < WINDOWS_A_CLIP && k * seconds < whole.endSeconds; k++) {
      const range = { startSeconds: k * seconds, endSeconds: Math.min((k + 1) * seconds, whole.endSeconds) };
      const source = { ...whole, ...range, index: sliceIndex(whole.index, range) };
      windows.push({ source, texts: [DENSE_EVENTS_PROMPT, ...QUERIES.map(groundingPrompt)] });
    }
  }
  return windows;
}

async function worldFigures(media: Media, exact: Engine, packed: Engine, bar: ProgressBar): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'secondsight-check-'));
  try {
    const { miou: [before = 0, after = 0], questions } = await worldIou(media, [exact, packed], folder, (share) => bar.draw(share, 'clips of the world'));
    bar.finish();
    return { world_questions: questions, world_miou_fp32: before, world_miou: after };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Throws `weights.worse` with the figures. */
function requireAsGood(figures: Figures, what: string): void {
  const { tokens_changed: changed = 1, world_miou_fp32: before = 0, world_miou: after = 0 } = figures;
  const faults = [
    changed <= MOST_CHANGED ? '' : `${(100 * changed).toFixed(1)} % of the tokens change where fp32 is sure, at most ${100 * MOST_CHANGED} % may`,
    before - after <= MOST_IOU_LOST ? '' : `mean IoU falls from ${before.toFixed(3)} to ${after.toFixed(3)}, at most ${MOST_IOU_LOST} may be lost`,
  ].filter((fault) => fault !== '');
  if (faults.length > 0) throw new AppError('weights.worse', `${what} answers worse than fp32: ${faults.join('; ')}. Nothing was kept.`, { details: figures });
}

function report(folder: string, { scheme, files, figures }: PackedManifest, json: boolean): number {
  const bytes = Object.values(files).reduce((sum, each) => sum + each, 0);
  const rows = Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(4))]);
  const text = `${table(['figure', 'value'], rows)}\n\n${folder}, ${(bytes / 1e6).toFixed(0)} MB. WEIGHTS=${scheme} runs it.`;
  process.stdout.write(`${json ? JSON.stringify({ folder, scheme, bytes, figures }) : text}\n`);
  return 0;
}

const tell = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
