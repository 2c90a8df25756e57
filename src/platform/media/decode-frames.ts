// Decodes exactly the frames that are asked for, each with its own time.
import { availableParallelism } from 'node:os';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type FrameStreamOptions, type RawFrame, type Size } from './frame-stream.js';
import { type Picture, type VideoStream } from './media.js';
import { type ReadOptions } from './probe.js';
import { streamFramesFrom } from './seek.js';
import { smallLook } from './small-frames.js';

export interface DecodeRequest extends ReadOptions {
  readonly video: VideoStream;
  /** Times of the wanted frames, ascending. */
  readonly pts: readonly number[];
  /** Where decoding may begin; without them it begins at the start of the file. */
  readonly keyframePts?: ArrayLike<number> | undefined;
  /** Of the pictures, as the model is to see them, in accurate colours; without it as they are stored, in quick ones. */
  readonly size?: Size | undefined;
}

type Look = Pick<FrameStreamOptions, 'width' | 'height' | 'pixelFormat' | 'scaling' | 'pointSamples' | 'threads'>;

/** A command line holds no more: one frame takes about 50 characters, and Windows allows 32,767. */
const FRAMES_PER_RUN = 480;

/** Larger pictures are decoded by every core, so that nobody waits long for them. */
const FEW_THREADS_PIXELS = 1920 * 1088;
/** Waking threads costs a tenth of the decoding, which a few cores have no room for; among many cores a card would wait for a single thread. */
const FEW_THREADS = Math.max(1, Math.floor(availableParallelism() / 4));

/**
 * Pictures in order of time, upright. A frame that the decoder does not give (damage, a hidden packet) is left out:
 * compare `pts`. Reads only as fast as it is iterated; leaving the loop stops the decoder.
 */
export async function* decodeFrames(binaries: FfmpegBinaries, file: string, request: DecodeRequest): AsyncGenerator<Picture> {
  const { storedWidth, storedHeight } = request.video;
  const { width, height } = request.size ?? { width: storedWidth, height: storedHeight };
  const threads = storedWidth * storedHeight <= FEW_THREADS_PIXELS ? FEW_THREADS : undefined;
  const look: Look = { width, height, pixelFormat: 'rgb24', scaling: request.size ? 'cubic' : 'bicubic', threads };
  for await (const { pts, data } of decodeOnly(binaries, file, request, look)) yield { pts, width, height, rgb: data };
}

/** The same frames, as the scan sees them. */
export async function* decodeSmallFrames(binaries: FfmpegBinaries, file: string, request: DecodeRequest): AsyncGenerator<RawFrame> {
  yield* decodeOnly(binaries, file, request, smallLook(request.video));
}

async function* decodeOnly(
  binaries: FfmpegBinaries,
  file: string,
  request: DecodeRequest,
  look: Look,
): AsyncGenerator<RawFrame> {
  const { video, keyframePts = [], timeoutSeconds, signal } = request;
  for (let run = 0; run < request.pts.length; run += FRAMES_PER_RUN) {
    const wanted = request.pts.slice(run, run + FRAMES_PER_RUN);
    const missing = new Set(wanted);
    const [fromPts = 0, last = 0] = [wanted[0], wanted.at(-1)];
    const frames = streamFramesFrom(binaries, {
      ...{ file, timeoutSeconds, signal, fromPts, keyframePts, ...look },
      ...{ streamIndex: video.streamIndex, timeBase: video.timeBase },
      // Besides the wanted frames the first, which tells where decoding began, and those after the last, which end it.
      select: `if(eq(n,0)+gt(pts,${last}),1,${oneOf(wanted)})`,
      maxFrames: wanted.length + 1,
    });
    for await (const frame of frames) {
      if (frame.pts > last) break;
      if (missing.delete(frame.pts)) yield frame;
      if (missing.size === 0) break;
    }
  }
}

/**
 * ffmpeg's select expression for "pts is one of these", as a decision tree: a sum of comparisons is refused beyond 100 terms.
 *
 * @example oneOf([0, 512, 1024]) // "if(lt(pts,512),eq(pts,0),if(lt(pts,1024),eq(pts,512),eq(pts,1024)))"
 */
export function oneOf(pts: readonly number[]): string {
  const [only] = pts;
  if (pts.length <= 1) return only === undefined ? '0' : `eq(pts,${only})`;
  const middle = pts.length >> 1;
  return `if(lt(pts,${pts[middle]}),${oneOf(pts.slice(0, middle))},${oneOf(pts.slice(middle))})`;
}
