// The pictures of a window in the order of its plan, and the plan that the decoder really allowed.
import { AppError } from '../app-error.js';
import { fillGrid, type FrameGrid } from '../model/grounding/frame-grid.js';
import { type FramePlan, type PlannedFrame } from '../model/grounding/frame-plan.js';
import { type Size } from '../model/qwen2-5-vl/smart-resize.js';
import { type Media, type Picture, secondsOf, type StreamIndex, type VideoStream } from '../platform/media/index.js';

export interface PictureSource {
  readonly file: string;
  readonly video: VideoStream;
  readonly index: StreamIndex;
}

export interface PictureRequest {
  readonly grid: FrameGrid;
  /** Of the pictures; as they are stored without it. */
  readonly size?: Size | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PlannedPicture {
  readonly frame: PlannedFrame;
  readonly picture: Picture;
}

/**
 * One picture for each cell of `grid`, and at the end the plan they make up. An index lists what the container promises; where the decoder
 * gives less, the cells concerned take what it does give, by the same rule. Throws `video.unreadable` when it gives
 * nothing of the window: a picture from before that is held through damage tells nothing.
 */
export async function* windowPictures(
  media: Media,
  { file, video, index }: PictureSource,
  { grid, size, signal }: PictureRequest,
): AsyncGenerator<PlannedPicture, FramePlan> {
  const isWithin = (pts: number): boolean => secondsOf(index, pts) >= grid.startSeconds && secondsOf(index, pts) < grid.endSeconds;
  const lastWithin = index.pts.findLast(isWithin);
  let known: StreamIndex = index;
  let last: Picture | undefined;
  let cell = 0;
  for (let attempt = 0; ; attempt++) {
    const plan = fillGrid(known, grid);
    const wanted = [...new Set(plan.frames.slice(cell).map(({ pts }) => pts))].filter((pts) => pts !== last?.pts);
    const decoded = media.decodeFrames(file, video, { pts: wanted, keyframePts: index.keyframePts, size }, signal);
    while (plan.frames[cell]?.pts === last?.pts && last) yield { frame: at(plan, cell++), picture: last };
    for await (const picture of decoded) {
      if (cell >= plan.frames.length || picture.pts !== at(plan, cell).pts) break;
      last = picture;
      while (plan.frames[cell]?.pts === picture.pts) yield { frame: at(plan, cell++), picture };
    }
    if (cell >= plan.frames.length) return plan;
    const missing = at(plan, cell).pts;
    // First what follows, which is all that most damage asks for; where what came before is gone too, that as well: a run for each frame would take hours.
    const doubtful = attempt === 0 ? ([missing, Math.max(lastWithin ?? -Infinity, at(plan, plan.frames.length - 1).pts)] as const) : ([known.pts[0] ?? missing, missing] as const);
    if (attempt < 2) known = await withTrueTimes(media, { file, video, index: known }, doubtful, signal);
    known = { ...known, pts: known.pts.filter((pts) => pts !== missing) };
    if (lastWithin !== undefined && !known.pts.some(isWithin)) {
      throw new AppError('video.unreadable', `Nothing from ${grid.startSeconds} s to ${grid.endSeconds} s can be decoded.`);
    }
  }
}

/** The index with the stretch from one time to another replaced by the times that the decoder gives. */
async function withTrueTimes(
  media: Media,
  { file, video, index }: PictureSource,
  [fromPts, toPts]: readonly [number, number],
  signal: AbortSignal | undefined,
): Promise<StreamIndex> {
  const times = await media.decodedTimes(file, video, { fromPts, toPts, keyframePts: index.keyframePts }, signal);
  const [before, after] = [index.pts.filter((pts) => pts < fromPts), index.pts.filter((pts) => pts > toPts)];
  return { ...index, pts: Float64Array.from([...before, ...times, ...after]) };
}

function at(plan: FramePlan, cell: number): PlannedFrame {
  const frame = plan.frames[cell];
  if (!frame) throw new AppError('video.unreadable', `The plan of the window has no cell ${cell}.`);
  return frame;
}
