// `npm run bench -- decode`: what decoding costs the product, beside a plain decode of the same file by one thread of ffmpeg.
import { join } from 'node:path';
import { layGrid } from '../../src/model/grounding/frame-grid.js';
import { planSections } from '../../src/model/grounding/sections.js';
import { sliceIndex } from '../../src/model/grounding/index-slice.js';
import { frameSize } from '../../src/inference/pixel-limits.js';
import { windowPictures } from '../../src/inference/window-pictures.js';
import { IMAGE_PIXELS, type Size } from '../../src/model/qwen2-5-vl/smart-resize.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { Media, passThrough, type Picture, type StreamIndex, type VideoStream } from '../../src/platform/media/index.js';
import { DETECTOR_CONTEXT } from '../../src/model/signals/detect-signals.js';
import { table } from '../../src/cli/table.js';
import { ChunkScan } from '../../workers/chunk-scan.js';
import { tileSize } from '../../workers/sprite-sheet.js';
import { madeBy, runFfmpeg } from '../harness/ffmpeg.js';
import { spentByTools } from '../harness/processor-seconds.js';
import { withFolder } from '../harness/product.js';
import { type Figures, print, tell } from '../harness/report.js';
import { median, rounded } from '../../src/model/metrics/statistics.js';

export interface DecodeOptions {
  readonly minutes: number;
  readonly rounds: number;
  /** Keeps the clips here, and takes those that are there. */
  readonly folder?: string | undefined;
}

export const SIZES = { '720p': '1280x720', '1080p': '1920x1080' } as const;
const WINDOW_SECONDS = 30;
export const FPS = 2;
const TILE_SECONDS = 2; // of a video of an hour

export interface Clip {
  readonly file: string;
  readonly video: VideoStream;
  readonly index: StreamIndex;
}

interface WindowsOptions {
  readonly size?: Size | undefined;
  readonly onPicture?: (picture: Picture) => void;
}

/** A way to read the clip from end to end. */
type Pass = (media: Media, clip: Clip) => Promise<void>;

const PASSES = { plain, dense, scan, windows: (media, clip) => windows(media, clip, { size: seenSize(clip) }) } as const satisfies Record<string, Pass>;
type PassName = keyof typeof PASSES;

export async function decode(options: DecodeOptions): Promise<Figures> {
  return withFolder(options.folder, async (folder) => {
    const media = new Media(loadConfig());
    const figures: Record<string, number> = {};
    for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
      const ratios = await measure(media, await clipOf(media, folder, size, options.minutes), options.rounds);
      figures[`dense_decode_ratio_${size}`] = rounded(median(ratios.dense));
      figures[`scan_decode_ratio_${size}`] = rounded(median(ratios.scan));
      figures[`window_decode_ratio_${size}`] = rounded(median(ratios.windows));
      print(`${size}, ${options.minutes} min, CPU of ffmpeg, plain decode = 1`);
      print(table(['pass', 'median', 'least', 'most'], rowsOf(ratios)));
    }
    return { ...figures, decode_ratio: Math.max(...Object.keys(SIZES).map((size) => figures[`dense_decode_ratio_${size}`] ?? NaN)) };
  });
}

type Ratios = Record<PassName, number[]>;

/** Rounds of all passes, one after the other, so that a busy neighbour disturbs them alike; each round is its own unit. */
async function measure(media: Media, clip: Clip, rounds: number): Promise<Ratios> {
  const ratios: Ratios = { plain: [], dense: [], scan: [], windows: [] };
  for (let round = 0; round < rounds; round++) {
    const seconds: Partial<Record<PassName, number>> = {};
    for (const name of Object.keys(PASSES) as PassName[]) {
      seconds[name] = rounded(await spentByTools(() => PASSES[name](media, clip)), 2);
    }
    for (const name of Object.keys(PASSES) as PassName[]) ratios[name].push((seconds[name] ?? NaN) / (seconds.plain ?? NaN));
    tell(`round ${round + 1}: ${JSON.stringify(seconds)}`);
  }
  return ratios;
}

const rowsOf = (ratios: Ratios): string[][] =>
  Object.entries(ratios).map(([name, values]) => [name, ...[median(values), Math.min(...values), Math.max(...values)].map((value) => value.toFixed(3))]);

export async function plain(media: Media, { file }: Clip): Promise<void> {
  await runFfmpeg('-threads', '1', '-i', file, '-map', '0:v', ...passThrough(await media.binaries()), '-f', 'null', '-');
}

/** The one decode of the pictures that a scan is made from, section by section: small pictures for the detectors and the tiles of the sprites. */
async function dense(media: Media, { file, video, index }: Clip): Promise<void> {
  for (const section of planSections(durationOf(index))) {
    const tiles = { ...tileSize(video), seconds: TILE_SECONDS, onTile: () => undefined };
    const { frames } = await media.scan(file, video, { index, ...section, context: DETECTOR_CONTEXT, skipFrames: true, tiles });
    for await (const frame of frames) void frame;
  }
}

/** The whole scan: the dense pass, and a closer look at where it saw cuts and at the end of what decodes. */
async function scan(media: Media, { file, video, index }: Clip): Promise<void> {
  const chunks = new ChunkScan(media);
  for (const section of planSections(durationOf(index))) {
    await chunks.measure(file, { stream: video, index, hasAudio: false }, section, { tileSeconds: TILE_SECONDS });
  }
}

/** Every window of the clip, two pictures a second: at the size that the model is shown, or as they are stored. */
export async function windows(media: Media, { file, video, index }: Clip, { size, onPicture }: WindowsOptions = {}): Promise<void> {
  const duration = durationOf(index);
  for (let start = 0; start < duration; start += WINDOW_SECONDS) {
    const range = { startSeconds: start, endSeconds: Math.min(start + WINDOW_SECONDS, duration) };
    const part = sliceIndex(index, range);
    const pictures = windowPictures(media, { file, video, index: part }, { grid: layGrid(part, { ...range, fps: FPS }), size });
    for await (const { picture } of pictures) onPicture?.(picture);
  }
}

/** As the model is shown a window of the clip. */
export const seenSize = ({ video }: Clip): Size => frameSize({ width: video.width, height: video.height, frames: WINDOW_SECONDS * FPS }, IMAGE_PIXELS);

const durationOf = (index: StreamIndex): number => ((index.endPts - index.originPts) * index.timeBase.num) / index.timeBase.den;

/** The clip of that size and length, made unless it is in `folder`. */
export async function clipOf(media: Media, folder: string, size: keyof typeof SIZES, minutes: number): Promise<Clip> {
  const file = await made(folder, size, minutes);
  const { video } = await media.probe(file);
  return { file, video, index: await media.indexFrames(file, video) };
}

/** Moving shapes over fine noise; groups of 250 pictures, always three B-frames between two others. */
async function made(folder: string, size: keyof typeof SIZES, minutes: number): Promise<string> {
  const source = `testsrc2=size=${SIZES[size]}:rate=25:duration=${minutes * 60},noise=alls=4:allf=t`;
  const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '250', '-keyint_min', '250', '-sc_threshold', '0', '-bf', '3', '-x264-params', 'b-adapt=0'];
  return madeBy(['-f', 'lavfi', '-i', source, ...x264, '-pix_fmt', 'yuv420p'], join(folder, `decode-${size}-${minutes}min.mp4`));
}
