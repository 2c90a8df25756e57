// `npm run bench -- whole-hour`: CPU and hits of an hour with a question a minute, beside one pass over it by transformers with the same checkpoint.
import { hourScene } from '../hour/hour-scene.js';
import { truthOf } from '../../src/world/first/scene.js';
import { iou } from '../../src/model/grounding/compare.js';
import { groundingPrompt } from '../../src/model/grounding/prompts.js';
import { mean, rounded } from '../../src/model/metrics/statistics.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { cpuOfAll } from '../../src/platform/embedded/process-cost.js';
import { FPS } from '../decode/decode.js';
import { withFolder, withProduct } from '../harness/product.js';
import { untilIdle } from '../harness/quiet.js';
import { type Figures, tell } from '../harness/report.js';
import { analyseUpload } from '../hour/analysis.js';
import { rendered } from '../hour/hour.js';
import { askPresent } from '../hour/questions.js';
import { Peer } from '../model/contestants.js';
import { installVideoPeers } from '../peers/install.js';

export interface WholeHourOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly folder?: string | undefined;
}

interface Result {
  readonly cpuSeconds: number;
  readonly miou: number;
}

const MAX_NEW_TOKENS = 64;

export async function wholeHour({ seed, minutes, folder: given }: WholeHourOptions): Promise<Figures> {
  return withFolder(given, async (folder) => {
    const scene = hourScene({ seed, minutes });
    const file = await rendered(scene, folder, { seed, minutes, uneven: false });
    const events = truthOf(scene);
    const naive = await asked(file, events);
    tell(`naive: ${naive.cpuSeconds.toFixed(1)} CPU s, mIoU ${naive.miou.toFixed(3)}`);
    const ours = await withProduct(async (product): Promise<Result> => {
      await untilIdle();
      const before = cpuOfAll();
      const { video } = await analyseUpload(product, file);
      const found = await askPresent(product, video.id, events);
      return { cpuSeconds: cpuOfAll() - before, miou: mean(found.map((one) => one.iou)) };
    });
    return {
      ...{ minutes, questions: events.length },
      whole_hour_cpu_against_naive: rounded(naive.cpuSeconds / ours.cpuSeconds, 2),
      whole_hour_cpu_against_naive_read_once: rounded(naive.readOnceSeconds / ours.cpuSeconds, 2),
      whole_hour_miou_above_naive: rounded(ours.miou - naive.miou),
      ...{ whole_hour_cpu_seconds: rounded(ours.cpuSeconds, 1), naive_cpu_seconds: rounded(naive.cpuSeconds, 1) },
      ...{ whole_hour_miou: rounded(ours.miou), naive_miou: rounded(naive.miou) },
    };
  });
}

/** Every question reads the video, as the model's card does it; `readOnceSeconds` leaves all readings but the first out. */
async function asked(file: string, events: ReturnType<typeof truthOf>): Promise<Result & { readonly readOnceSeconds: number }> {
  const { python, env } = await installVideoPeers();
  const peer = await new Peer(python, ['naive_peer.py', loadConfig().MODEL_DIR], env).ready();
  const told = await peer.request({ file, fps: FPS, tokens: MAX_NEW_TOKENS, texts: events.map(({ query }) => groundingPrompt(query)) });
  await peer.close();
  const [readOnceSeconds, reading, answers] = [Number(told['seconds']), Number(told['read_seconds']), told['answers'] as string[]];
  const ious = events.map((event, k) => {
    const [, start, end] = /(\d+(?:\.\d+)?) - (\d+(?:\.\d+)?) seconds/.exec(answers[k] ?? '') ?? [];
    return start === undefined ? 0 : iou({ start_time: Number(start), end_time: Number(end) }, event);
  });
  return { readOnceSeconds, cpuSeconds: readOnceSeconds + reading * (events.length - 1), miou: mean(ious) };
}
