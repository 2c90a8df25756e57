// Stretches of videos as they follow each other in a new one: which frames of which file, and when each is shown.
import { type StreamIndex, type VideoStream } from './media.js';
import { lastNotAfter } from './seek.js';

/** The frames of one file from `firstFrame` up to `endFrame`, which is not among them. */
export interface ReelClip {
  /** Hands on the file for as long as it is read. */
  readonly withFile: <T>(use: (file: string) => Promise<T>) => Promise<T>;
  readonly video: VideoStream;
  readonly hasAudio: boolean;
  readonly index: StreamIndex;
  readonly firstFrame: number;
  readonly endFrame: number;
}

/** A part of a clip that is encoded in one go. */
export interface ReelPiece extends ReelClip {
  /** Presentation time of its first frame, and when its last one is no longer shown, ticks of the stream. */
  readonly fromPts: number;
  readonly untilPts: number;
  /** When it is shown, in ticks of the reel. */
  readonly startTicks: number;
  readonly endTicks: number;
}

export interface Reel {
  /** Ticks of a second: each time of each file is a whole number of them, where there is such a number. */
  readonly timescale: number;
  readonly pieces: readonly ReelPiece[];
}

/** A run of the encoder: so much is done again where it fails, and its progress is told. */
const PIECE_SECONDS = 30;

const FINEST_TIMESCALE = 10_000_000;
/** With a coarser one the end of the last frame falls onto its beginning, and players leave it out. */
const COARSEST_TIMESCALE = 90_000;
/** Where no clock fits all files: a millionth of a second is far below a frame. */
const COMMON_TIMESCALE = 1_000_000;

/** The frames presented from a second up to another, and at least one: what is shown at the first where none begins. */
export function framesBetween({ pts, originPts, timeBase }: StreamIndex, startSeconds: number, endSeconds: number): { firstFrame: number; endFrame: number } {
  const tick = timeBase.num / timeBase.den;
  const tolerance = 1e-6 + (tick <= 1e-3 ? tick : 0); // containers round the times of frames to their ticks
  const atOrAfter = (seconds: number): number => lastNotAfter(pts, Math.ceil(originPts + (seconds - tolerance) / tick) - 1) + 1;
  const firstFrame = Math.min(atOrAfter(startSeconds), pts.length - 1);
  return { firstFrame, endFrame: Math.max(firstFrame + 1, atOrAfter(endSeconds)) };
}

/** Lays the clips one after the other; each frame is shown as long as in its file. */
export function layReel(clips: readonly ReelClip[]): Reel {
  const timescale = commonTimescale(clips.map(({ index }) => index.timeBase.den));
  let startTicks = 0;
  const pieces = clips.flatMap(piecesOf).map((piece) => {
    const { num, den } = piece.index.timeBase;
    const endTicks = startTicks + Math.round(((piece.untilPts - piece.fromPts) * num * timescale) / den);
    const laid = { ...piece, startTicks, endTicks };
    startTicks = endTicks;
    return laid;
  });
  return { timescale, pieces };
}

function piecesOf(clip: ReelClip): Omit<ReelPiece, 'startTicks' | 'endTicks'>[] {
  const { index } = clip;
  const ticks = (PIECE_SECONDS * index.timeBase.den) / index.timeBase.num;
  const pieces: Omit<ReelPiece, 'startTicks' | 'endTicks'>[] = [];
  for (let firstFrame = clip.firstFrame; firstFrame < clip.endFrame; ) {
    const fromPts = index.pts[firstFrame] ?? index.originPts;
    let endFrame = firstFrame + 1;
    while (endFrame < clip.endFrame && (index.pts[endFrame] ?? 0) < fromPts + ticks) endFrame++;
    pieces.push({ ...clip, firstFrame, endFrame, fromPts, untilPts: index.pts[endFrame] ?? index.endPts });
    firstFrame = endFrame;
  }
  return pieces;
}

function commonTimescale(clocks: readonly number[]): number {
  const common = clocks.reduce((least, clock) => (least / greatestDivisor(least, clock)) * clock, 1);
  const fine = common * Math.ceil(COARSEST_TIMESCALE / common);
  return fine <= FINEST_TIMESCALE ? fine : COMMON_TIMESCALE;
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
