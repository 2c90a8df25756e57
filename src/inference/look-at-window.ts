// The pictures of one window as they really decode, and the frame plan that tells when each of them is presented.
import { AppError } from '../app-error.js';
import { fillGrid, type FrameGrid, type GridRequest, layGrid } from '../model/grounding/frame-grid.js';
import { type FrameIndex, type FramePlan } from '../model/grounding/frame-plan.js';
import { type Media, type Picture, type VideoStream } from '../platform/media/index.js';

/** A video that has been probed and indexed; without keyframes each window is decoded from the beginning of the file. */
export interface WindowSource {
  readonly media: Media;
  readonly file: string;
  readonly video: VideoStream;
  readonly index: FrameIndex & { readonly keyframePts?: Float64Array };
}

export interface WindowLook {
  /**
   * Final when `pictures` has been read to its end. Until then damage may still change which picture stands for a cell,
   * but neither how many there are nor the rate.
   */
  readonly plan: FramePlan;
  /** One picture a cell, in order; a held one is the same object again. Decoded only as fast as it is iterated. */
  readonly pictures: AsyncIterable<Picture>;
}

const MAX_ROUNDS = 3;

/** Throws `window.empty`; iterating rejects with `video.unreadable` when nothing of the window decodes. */
export function lookAtWindow(source: WindowSource, request: GridRequest, signal?: AbortSignal): WindowLook {
  const { media, file, video, index } = source;
  const grid = layGrid(index, request);
  let plan = fillGrid(index, grid);

  async function* pictures(): AsyncGenerator<Picture> {
    let cell = 0;
    let shown: Picture | undefined;
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      for (; shown && plan.frames[cell]?.pts === shown.pts; cell++) yield shown;
      const wanted = [...new Set(plan.frames.slice(cell).map((frame) => frame.pts))];
      let given = 0;
      for await (const picture of media.decodeFrames(file, video, { pts: wanted, keyframePts: index.keyframePts }, signal)) {
        if (picture.pts !== wanted[given]) break; // the one before does not decode
        given += 1;
        shown = picture;
        for (; plan.frames[cell]?.pts === picture.pts; cell++) yield picture;
      }
      if (given === wanted.length) return;
      plan = await planAsDecoded(source, grid, shown?.pts ?? wanted[0] ?? grid.originPts, signal);
    }
    throw new AppError('video.unreadable', 'The same frames of the video do not decode each time.');
  }

  return {
    get plan() {
      return plan;
    },
    pictures: pictures(),
  };
}

/** The plan of a window made of frames that decode, found by decoding it for its times alone. */
export async function planWindow(source: WindowSource, request: GridRequest, signal?: AbortSignal): Promise<FramePlan> {
  const grid = layGrid(source.index, request);
  const [first] = fillGrid(source.index, grid).frames;
  return planAsDecoded(source, grid, first?.pts ?? grid.originPts, signal);
}

/** Leaves out what does not decode from `fromPts` to the end of the grid, and before it as far as the first cell needs. */
async function planAsDecoded(source: WindowSource, grid: FrameGrid, fromPts: number, signal?: AbortSignal): Promise<FramePlan> {
  const { media, file, video, index } = source;
  const { num, den } = grid.timeBase;
  const toPts = grid.originPts + (((grid.firstCell + grid.cells) / grid.effectiveFps) * den) / num;
  for (let from = fromPts, round = 1; ; round++) {
    const decoded = new Set(await media.decodedTimes(file, video, { fromPts: from, toPts, keyframePts: index.keyframePts }, signal));
    const pts = index.pts.filter((time) => time < from || time > toPts || decoded.has(time));
    const plan = fillGrid({ ...index, pts }, grid);
    const first = plan.frames[0]?.pts ?? from;
    if (first >= from) return plan;
    from = round < MAX_ROUNDS ? first : grid.originPts;
  }
}
