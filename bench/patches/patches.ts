// `npm run bench -- patches`: CPU of resizing a picture, handing it over and cutting it into patches, beside decoding it.
import { gridOf, PATCH_LENGTH, patchifyGroup } from '../../src/model/qwen2-5-vl/patches.js';
import { type Size } from '../../src/model/qwen2-5-vl/smart-resize.js';
import { rounded } from '../../src/model/metrics/statistics.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { Media } from '../../src/platform/media/index.js';
import { type Clip, clipOf, FPS, plain, seenSize, SIZES, windows } from '../decode/decode.js';
import { madeBy } from '../harness/ffmpeg.js';
import { spent, spentByTools } from '../harness/processor-seconds.js';
import { withFolder } from '../harness/product.js';
import { type Figures } from '../harness/report.js';
import { compete, printRounds, ratioOf } from '../model/contestants.js';

export interface PatchesOptions {
  readonly minutes: number;
  readonly rounds: number;
  /** Keeps the clips here, and takes those that are there. */
  readonly folder?: string | undefined;
}

export async function patches({ minutes, rounds, folder: given }: PatchesOptions): Promise<Figures> {
  return withFolder(given, async (folder) => {
    const media = new Media(loadConfig());
    const figures: Record<string, unknown> = {};
    for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
      const clip = await clipOf(media, folder, size, minutes);
      const bare = await uncompressed(media, clip);
      const target = seenSize(clip);
      const sampled = minutes * 60 * FPS;
      const seconds = await compete(
        {
          decode: async () => (await spentByTools(() => plain(media, clip))) / clip.index.pts.length,
          patches: async () => (await spent(() => cutAll(media, bare, target))) / sampled,
        },
        rounds,
      );
      printRounds(`${size} to ${target.width} x ${target.height}, one picture`, seconds);
      const against = ratioOf(seconds, 'decode', 'patches').median;
      figures[`patches_against_decode_${size}`] = against;
      figures[`patches_against_sampled_${size}`] = rounded((against * sampled) / clip.index.pts.length);
    }
    return { patches_against_decode: Math.max(...Object.keys(SIZES).map((size) => Number(figures[`patches_against_decode_${size}`]))), ...figures };
  });
}

/** The pictures of the clip that are looked at, in a file from which they need not be decoded: what it costs to see them is the rest. */
async function uncompressed(media: Media, { file }: Clip): Promise<Clip> {
  const bare = await madeBy(['-i', file, '-an', '-r', String(FPS), '-c:v', 'rawvideo'], file.replace(/mp4$/, 'mkv'));
  const { video } = await media.probe(bare);
  return { file: bare, video, index: await media.indexFrames(bare, video) };
}

/** As a window is made ready for the tower. */
async function cutAll(media: Media, clip: Clip, size: Size): Promise<void> {
  const [, rows, columns] = gridOf({ frames: 2, ...size });
  const group = new Float32Array(rows * columns * PATCH_LENGTH);
  let first: Uint8Array | undefined;
  const onPicture = ({ rgb }: { rgb: Uint8Array }): void => {
    if (first) patchifyGroup({ first, second: rgb, ...size }, group);
    first = first ? undefined : rgb;
  };
  await windows(media, clip, { size, onPicture });
}
