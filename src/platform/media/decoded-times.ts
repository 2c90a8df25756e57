// When the frames of a stretch of video really appear: decoded for their times alone.
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type VideoStream } from './media.js';
import { NumberList } from './number-list.js';
import { type ReadOptions } from './probe.js';
import { streamFramesFrom } from './seek.js';

export interface TimesRequest extends ReadOptions {
  readonly video: VideoStream;
  /** First and last time that matters; from the first frame to the last without them. */
  readonly fromPts?: number | undefined;
  readonly toPts?: number | undefined;
  readonly keyframePts?: ArrayLike<number> | undefined;
  readonly maxFrames?: number | undefined;
}

/** Ascending times of the frames in [fromPts, toPts] that the decoder gives. */
export async function decodedTimes(binaries: FfmpegBinaries, file: string, request: TimesRequest): Promise<Float64Array> {
  const { video, fromPts = -Infinity, toPts = Infinity, keyframePts = [], maxFrames, timeoutSeconds, signal } = request;
  const times = new NumberList();
  const frames = streamFramesFrom(binaries, {
    ...{ file, timeoutSeconds, signal, fromPts, keyframePts, maxFrames },
    ...{ streamIndex: video.streamIndex, timeBase: video.timeBase },
    ...{ width: 16, height: 16, pixelFormat: 'gray', scaling: 'neighbor' }, // pixels that nobody looks at
  });
  for await (const { pts } of frames) {
    if (pts > toPts) break;
    if (pts >= fromPts) times.push(pts);
  }
  return times.ascending();
}
