// Decodes exactly the frames that are asked for, each with its own time.
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type RawFrame, streamFrames } from './frame-stream.js';
import { type Picture, type VideoStream } from './media.js';
import { type ReadOptions } from './probe.js';
import { seekPoints } from './seek.js';

export interface DecodeRequest extends ReadOptions {
  readonly video: VideoStream;
  /** Times of the wanted frames, ascending. */
  readonly pts: readonly number[];
  /** Where decoding may begin; without them it begins at the start of the file. */
  readonly keyframePts?: ArrayLike<number> | undefined;
}

/** A command line holds no more: one frame takes about 50 characters, and Windows allows 32,767. */
const FRAMES_PER_RUN = 480;

/**
 * Pictures in order of time, upright, full size. A frame that the decoder does not give (damage, a hidden packet) is left out:
 * compare `pts`. Reads only as fast as it is iterated; leaving the loop stops the decoder.
 */
export async function* decodeFrames(binaries: FfmpegBinaries, file: string, request: DecodeRequest): AsyncGenerator<Picture> {
  const { storedWidth: width, storedHeight: height } = request.video;
  for (let from = 0; from < request.pts.length; from += FRAMES_PER_RUN) {
    const wanted = request.pts.slice(from, from + FRAMES_PER_RUN);
    for await (const { pts, data } of decodeRun(binaries, file, request, wanted)) yield { pts, width, height, rgb: data };
  }
}

/** One run of ffmpeg, begun again from further back if the container sent it too far. */
async function* decodeRun(
  binaries: FfmpegBinaries,
  file: string,
  { video, keyframePts = [], timeoutSeconds, signal }: DecodeRequest,
  wanted: readonly number[],
): AsyncGenerator<RawFrame> {
  const [first, last] = [wanted[0], wanted.at(-1)];
  if (first === undefined || last === undefined) return;
  const remaining = new Set(wanted);
  for (const { seconds, landBy } of seekPoints(keyframePts, first, video.timeBase)) {
    const frames = streamFrames(binaries, {
      ...{ file, timeoutSeconds, signal },
      ...{ streamIndex: video.streamIndex, timeBase: video.timeBase, seekSeconds: seconds },
      ...{ width: video.storedWidth, height: video.storedHeight, pixelFormat: 'rgb24' },
      select: `if(eq(n,0),1,if(gt(pts,${last}),1,${oneOf(wanted)}))`,
      maxFrames: wanted.length + 1,
    });
    let landed = seconds === undefined;
    for await (const frame of frames) {
      landed ||= frame.pts <= landBy;
      if (!landed || frame.pts > last) break;
      if (remaining.delete(frame.pts)) yield frame;
    }
    if (landed) return;
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
