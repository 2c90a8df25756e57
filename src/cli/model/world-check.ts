// How well an engine finds what happens in clips of the simple world: the first range of each answer against the truth.
import { simpleWorld } from '../../evaluation/index.js';
import { AnswerForms } from '../../inference/answer-forms.js';
import { type Engine } from '../../inference/engine.js';
import { type WindowSource } from '../../inference/inference.js';
import { SeenWindows } from '../../inference/seen-windows.js';
import { WindowAnswerer } from '../../inference/window-answerer.js';
import { createClock } from '../../model/grounding/clock.js';
import { groundingPrompt } from '../../model/grounding/prompts.js';
import { overlapShare } from '../../model/grounding/time-range.js';
import { readGrounding } from '../../model/grounding/window-events.js';
import { mean } from '../../model/metrics/statistics.js';
import { type Media } from '../../platform/media/index.js';

/** Of the scenes, apart from those of evaluations that people run. */
const SEED = 4242;
const MAX_NEW_TOKENS = 64;

/** Half as many questions as this are about what happens; only those are asked. */
const QUESTIONS = 320;

/** The mean IoU of each engine over the same questions, and how many there were. */
export async function worldIou(media: Media, engines: readonly Engine[], folder: string, onClip: (share: number) => void): Promise<{ miou: number[]; questions: number }> {
  const ious = engines.map((): number[] => []);
  const { card } = engines[0] ?? {};
  let asked = 0;
  for await (const clip of simpleWorld(media, { seed: SEED, questions: QUESTIONS, fps: card?.fps ?? 2, folder }).videos()) {
    const file = await clip.open();
    const questions = clip.questions.filter(({ windows }) => windows.length > 0);
    const source = await wholeVideo(media, file);
    for (const [k, engine] of engines.entries()) {
      const answerer = new WindowAnswerer(engine, new SeenWindows(engine, media, { prefixBytes: 0 }), new AnswerForms(engine.tokenizer));
      const { plan, answers } = await answerer.run({ ...source, prompts: questions.map(({ query }) => ({ text: groundingPrompt(query), maxNewTokens: MAX_NEW_TOKENS })) });
      const clock = createClock(plan);
      for (const [q, { windows }] of questions.entries()) {
        const answer = answers[q];
        const best = answer && readGrounding(answer, clock).spans[0];
        ious[k]?.push(best ? Math.max(...windows.map((truth) => overlapShare(best, truth))) : 0);
      }
    }
    await clip.close();
    onClip((asked += clip.questions.length) / QUESTIONS);
  }
  return { miou: ious.map(mean), questions: ious[0]?.length ?? 0 };
}

/** A video as one window. */
export async function wholeVideo(media: Media, file: string): Promise<WindowSource> {
  const { video } = await media.probe(file);
  const index = await media.indexFrames(file, video);
  const endSeconds = ((index.endPts - index.originPts) * index.timeBase.num) / index.timeBase.den;
  return { file, contentHash: '', video, index, startSeconds: 0, endSeconds, sampling: {} };
}
