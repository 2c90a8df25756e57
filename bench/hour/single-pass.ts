// The usual way to look at an hour: one window over all of it, at most so many pictures, with the same checkpoint and the same questions.
import { createInferenceChild } from '../../src/inference/index.js';
import { createClock } from '../../src/model/grounding/clock.js';
import { iou } from '../../src/model/grounding/compare.js';
import { groundingPrompt } from '../../src/model/grounding/prompts.js';
import { readGrounding } from '../../src/model/grounding/window-events.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { Media } from '../../src/platform/media/index.js';
import { share } from '../../src/model/metrics/statistics.js';
import { type TrueEvent } from '../../src/world/first/scene.js';

const MAX_NEW_TOKENS = 128;

export interface SinglePass {
  readonly ious: readonly number[]; // one for each event
  /** Share of the answers that can be read: a range, or that it does not happen. */
  readonly readable: number;
  readonly frames: number;
  readonly secondsPerGroup: number;
}

export async function singlePass(file: string, events: readonly TrueEvent[], maxFrames: number): Promise<SinglePass> {
  const config = loadConfig();
  const media = new Media(config);
  const { video } = await media.probe(file);
  const index = await media.indexFrames(file, video);
  const seconds = ((index.endPts - index.originPts) * index.timeBase.num) / index.timeBase.den;
  const inference = createInferenceChild(config);
  try {
    const { plan, answers } = await inference.run({
      ...{ file, contentHash: '', video, index, startSeconds: 0, endSeconds: seconds },
      sampling: { maxFrames },
      prompts: events.map(({ query }) => ({ text: groundingPrompt(query), maxNewTokens: MAX_NEW_TOKENS })),
    });
    const clock = createClock(plan);
    const read = answers.map((answer) => readGrounding(answer, clock));
    const ious = events.map((event, k) => {
      const best = read[k]?.spans[0];
      return best ? iou({ start_time: best.startSeconds, end_time: best.endSeconds }, event) : 0;
    });
    return { ious, readable: share(read, ({ unparsed }) => unparsed === 0), frames: plan.frames.length, secondsPerGroup: plan.secondPerGrid };
  } finally {
    await inference.close();
  }
}
