// `npm run bench -- patches`: CPU of resizing a picture and cutting it into patches, beside decoding it.
import { resizerTo } from '../../src/inference/frame-resizer.js';
import { frameSize } from '../../src/inference/pixel-limits.js';
import { gridOf, PATCH_LENGTH, patchifyGroup } from '../../src/model/qwen2-5-vl/patches.js';
import { IMAGE_PIXELS, type Size } from '../../src/model/qwen2-5-vl/smart-resize.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { toolSeconds } from '../../src/platform/embedded/process-cost.js';
import { Media, type Picture } from '../../src/platform/media/index.js';
import { type Clip, clipOf, FPS, plain, SIZES, windows } from '../decode/decode.js';
import { withFolder } from '../harness/product.js';
import { type Figures } from '../harness/report.js';
import { compete, printRounds, ratioOf, timed } from '../model/contestants.js';

export interface PatchesOptions {
  readonly minutes: number;
  readonly rounds: number;
  /** Keeps the clips here, and takes those that are there. */
  readonly folder?: string | undefined;
}

/** Pictures held in memory for it. */
const PICTURES = 16;
/** Of a window that the model is shown, at 2 a second for half a minute. */
const WINDOW_FRAMES = 60;

export async function patches({ minutes, rounds, folder: given }: PatchesOptions): Promise<Figures> {
  return withFolder(given, async (folder) => {
    const media = new Media(loadConfig());
    const figures: Record<string, unknown> = {};
    for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
      const clip = await clipOf(media, folder, size, minutes);
      const pictures = await firstPictures(media, clip);
      const target = frameSize({ width: clip.video.width, height: clip.video.height, frames: WINDOW_FRAMES }, IMAGE_PIXELS);
      const seconds = await compete(
        {
          decode: async () => (await tools(() => plain(media, clip))) / clip.index.pts.length,
          sampled: async () => (await tools(() => windows(media, clip))) / (minutes * 60 * FPS),
          patches: async () => (await timed(() => Promise.resolve(cut(pictures, target)))) / pictures.length,
        },
        rounds,
      );
      printRounds(`${size} to ${target.width} x ${target.height}, one picture`, seconds);
      figures[`patches_against_decode_${size}`] = ratioOf(seconds, 'decode', 'patches').median;
      figures[`patches_against_sampled_${size}`] = ratioOf(seconds, 'sampled', 'patches').median;
    }
    return { patches_against_decode: Math.max(...Object.keys(SIZES).map((size) => Number(figures[`patches_against_decode_${size}`]))), ...figures };
  });
}

function cut(pictures: readonly Picture[], size: Size): void {
  const resize = resizerTo(size);
  const [, rows, columns] = gridOf({ frames: 2, ...size });
  const group = new Float32Array(rows * columns * PATCH_LENGTH);
  for (let k = 0; k + 1 < pictures.length; k += 2) patchifyGroup({ first: resize(pictures[k]!), second: resize(pictures[k + 1]!), ...size }, group);
}

async function firstPictures(media: Media, clip: Clip): Promise<Picture[]> {
  const pictures: Picture[] = [];
  await windows(media, clip, (picture) => void (pictures.length < PICTURES && pictures.push(picture)));
  return pictures;
}

/** Processor seconds of the programs that are started. */
async function tools(work: () => Promise<void>): Promise<number> {
  const before = await toolSeconds();
  await work();
  return (await toolSeconds()) - before;
}
