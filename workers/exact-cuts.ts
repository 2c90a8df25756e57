// Puts the cuts that a scan has found at the very frame, by looking at the frames that the scan left out around them.
import { type ChunkTransition } from '../src/model/signals/chunk-findings.js';
import { locateCut } from '../src/model/signals/cut-location.js';
import { type FoundCut } from '../src/model/signals/cuts.js';
import { measurePicture, type SmallPicture } from '../src/model/signals/small-picture.js';
import { lastNotAfter, listedBetween, type Media, secondsOf, type StreamIndex, type VideoStream } from '../src/platform/media/index.js';

interface File {
  readonly path: string;
  readonly stream: VideoStream;
  readonly index: StreamIndex;
}

/** The cuts that are cuts frame by frame too, each at the first frame of the new scene. */
export async function exactCuts(media: Media, file: File, cuts: readonly FoundCut[], signal?: AbortSignal): Promise<ChunkTransition[]> {
  const { path, stream, index } = file;
  const around = cuts.map((cut) => framesAround(index, cut));
  const pictures = new Map<number, SmallPicture>();
  for (const pts of byKeyframe(index, around.filter(({ length }) => length > 2))) {
    const frames = await media.smallFrames(path, stream, { pts, keyframePts: index.keyframePts }, signal);
    for (const frame of frames) pictures.set(frame.pts, measurePicture(secondsOf(index, frame.pts), frame.data));
  }
  return cuts.flatMap(({ afterSeconds: _, ...cut }, i) => {
    const seen = (around[i] ?? []).flatMap((pts) => pictures.get(pts) ?? []);
    if (seen.length <= 2) return [cut]; // no frame between, or none that decodes
    const first = seen[locateCut(seen) ?? -1];
    if (!first) return [];
    return [{ ...cut, startSeconds: first.seconds, endSeconds: first.seconds, seenSeconds: cut.startSeconds }];
  });
}

/** The listed frames from the last known one of the old scene to the first known one of the new. */
function framesAround(index: StreamIndex, { afterSeconds, startSeconds }: FoundCut): number[] {
  const pts = (seconds: number): number => Math.round(index.originPts + (seconds * index.timeBase.den) / index.timeBase.num);
  return [...listedBetween(index, pts(afterSeconds), pts(startSeconds) + 1)];
}

/** What is decoded from one keyframe is asked for at once; a new keyframe between is a reason to start there. */
function byKeyframe({ keyframePts }: StreamIndex, cuts: readonly (readonly number[])[]): number[][] {
  const groups = new Map<number, Set<number>>();
  for (const frames of cuts) {
    const keyframe = lastNotAfter(keyframePts, frames[0] ?? 0);
    const group = groups.get(keyframe) ?? new Set();
    groups.set(keyframe, group);
    for (const pts of frames) group.add(pts);
  }
  return [...groups.values()].map((group) => [...group].sort((a, b) => a - b));
}
