// The pictures of a window when the index promises frames that the decoder does not give.
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { type PlannedPicture, windowPictures } from '../../src/inference/window-pictures.js';
import { layGrid, planFrameGrid } from '../../src/model/grounding/frame-grid.js';
import { type FramePlan } from '../../src/model/grounding/frame-plan.js';
import { Media, type StreamIndex, type VideoStream } from '../../src/platform/media/index.js';
import { DEMO } from './bundled-model.js';

const FILE = join(DEMO, 'short_30s.mp4');
const RANGE = { startSeconds: 2.5, endSeconds: 9, fps: 2 };
const media = new Media({ MEDIA_TIMEOUT_SECONDS: 60 });

let video: VideoStream;
let index: StreamIndex;
beforeAll(async () => {
  ({ video } = await media.probe(FILE));
  index = await media.indexFrames(FILE, video);
});

afterEach(() => vi.restoreAllMocks());

/** What the window shows when the index also lists frames at these seconds, which are none. */
async function lookAt(phantomSeconds: readonly number[]): Promise<{ promised: FramePlan; plan: FramePlan; shown: PlannedPicture[]; runs: number }> {
  const decode = vi.spyOn(media, 'decodeFrames');
  const phantoms = phantomSeconds.map((seconds) => Math.round((seconds * index.timeBase.den) / index.timeBase.num) + index.pts[0]! - 1);
  const promised = { ...index, pts: Float64Array.from([...index.pts, ...phantoms]).sort() };
  const pictures = windowPictures(media, { file: FILE, video, index: promised }, { grid: layGrid(index, RANGE) });
  const shown: PlannedPicture[] = [];
  for (;;) {
    const next = await pictures.next();
    if (next.done) return { promised: planFrameGrid(promised, RANGE), plan: next.value, shown, runs: decode.mock.calls.length };
    shown.push(next.value);
  }
}

it.each([
  ['at the beginning', [2.51]],
  ['in the middle', [4.52, 4.53, 6.52]],
  ['before and within', Array.from({ length: 300 }, (_, k) => 1.01 + k / 100)],
  ['in every cell', Array.from({ length: 13 }, (_, cell) => 2.5 + cell / 2 + 0.01)],
])('a window shows what is really there when the index has frames too many %s', async (_, phantomSeconds) => {
  const { promised, plan, shown, runs } = await lookAt(phantomSeconds);
  expect(promised).not.toEqual(plan);
  expect(runs).toBeLessThanOrEqual(3);
  expect(plan).toEqual(planFrameGrid(index, RANGE));
  expect(shown.map(({ frame }) => frame)).toEqual(plan.frames);
  expect(shown.map(({ picture }) => picture.pts)).toEqual(plan.frames.map(({ pts }) => pts));
});
