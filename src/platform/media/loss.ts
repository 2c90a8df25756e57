// What a file lacks of what its container lists: known before any picture of its middle is decoded.
import { type ListedFrames, secondsOf, type StreamIndex } from './media.js';

export interface MediaWarning {
  readonly code: 'video.truncated' | 'video.frames_lost';
  readonly message: string;
}

/** Frames that are lost in the middle are found by its scan. */
export function lossOf({ frames, seconds }: ListedFrames, index: StreamIndex): MediaWarning[] {
  const { isCutShort = false, undecodable = 0 } = index.loss ?? {};
  const here = index.pts.length;
  if (isCutShort && (frames === undefined || frames > here)) {
    const promised = frames === undefined ? '' : `: its container lists ${seconds === undefined ? '' : `${round(seconds)} s and `}${frames} frames, about ${frames - here} of which are missing`;
    return [{ code: 'video.truncated', message: `The file is cut short${promised}. ${here} frames, ${round(secondsOf(index, index.endPts))} s, are there.` }];
  }
  if (undecodable === 0) return [];
  return [{ code: 'video.frames_lost', message: `${undecodable} of ${here + undecodable} frames listed by the container do not decode, at the end of the video.` }];
}

const round = (seconds: number): number => Math.round(seconds * 100) / 100;
