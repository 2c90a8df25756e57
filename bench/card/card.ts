// `npm run bench -- card`: single questions about fresh half-minute clips, beside what the checkpoint's card states for such clips.
import { join } from 'node:path';
import { iou } from '../../src/model/grounding/compare.js';
import { mediaTools } from '../harness/ffmpeg.js';
import { type Figures, print, tell } from '../harness/report.js';
import { type Product, withFolder, withProduct } from '../harness/product.js';
import { randomOf } from '../../src/world/first/random.js';
import { mean, median, rounded, share } from '../../src/model/metrics/statistics.js';
import { absentQuestions } from '../../src/world/first/questions.js';
import { renderScene } from '../../src/evaluation/simple-world/render.js';
import { knowable, type Scene, truthOf, type TrueEvent } from '../../src/world/first/scene.js';
import { clipScene } from '../../src/world/first/clip-scene.js';
import { table } from '../../src/cli/table.js';

/** models/shapeworld-0/README.md, windows of 30 groups at 1 s; its mean IoU is against what is knowable at that rate. */
const CARD = { mIoU: 0.908, falseReject: 0.063, absentRecall: 0.882 };

export interface CardOptions {
  readonly seed: number;
  readonly clips: number;
  /** Keeps the clips here. */
  readonly folder?: string | undefined;
}

interface Asked {
  readonly query: string;
  readonly action: string;
  readonly iou: number;
  readonly knowableIou: number;
  readonly answered: boolean;
  readonly startError: number;
  readonly endError: number;
}

export async function card(options: CardOptions): Promise<Figures> {
  return withFolder(options.folder, (folder) => withProduct((product) => measure(product, folder, options)));
}

async function measure(product: Product, folder: string, { seed, clips }: CardOptions): Promise<Figures> {
  const present: Asked[] = [];
  const refused: boolean[] = [];
  for (let k = 0; k < clips; k++) {
    const scene = clipScene(seed * 1000 + k);
    const file = join(folder, `clip-${seed * 1000 + k}.mp4`);
    await renderScene(mediaTools(), scene, { file });
    const video = await product.api.upload(file);
    for (const event of truthOf(scene)) present.push(await askPresent(product, video.id, event));
    refused.push(...(await askAbsent(product, video.id, scene)));
    await product.api.delete(video.id);
  }
  tell(`${clips} clips, ${present.length} events`);
  const actions = [...new Set(present.map(({ action }) => action))].sort();
  print(
    table(
      ['action', 'asked', 'knowable IoU', 'refused'],
      actions.map((action) => {
        const these = present.filter((asked) => asked.action === action);
        return [action, these.length, mean(these.map((asked) => asked.knowableIou)).toFixed(3), these.filter((asked) => !asked.answered).length];
      }),
    ),
  );
  const answered = present.filter((asked) => asked.answered);
  return {
    questions: present.length,
    miou: rounded(mean(present.map((asked) => asked.iou))),
    knowable_miou: rounded(mean(present.map((asked) => asked.knowableIou))),
    card_knowable_miou: CARD.mIoU,
    r1_05: rounded(share(present, (asked) => asked.iou >= 0.5)),
    false_reject: rounded(share(present, (asked) => !asked.answered)),
    card_false_reject: CARD.falseReject,
    absent_questions: refused.length,
    absent_rejected: rounded(share(refused, (yes) => yes)),
    card_absent_rejected: CARD.absentRecall,
    median_start_error_seconds: rounded(median(answered.map((asked) => asked.startError))),
    median_end_error_seconds: rounded(median(answered.map((asked) => asked.endError))),
  };
}

async function askPresent({ api }: Product, videoId: string, event: TrueEvent): Promise<Asked> {
  const [moment] = (await api.ask(videoId, event.query, { top_k: 1 })).data;
  const action = event.query.split(' ').slice(2).join(' ');
  if (!moment) return { query: event.query, action, iou: 0, knowableIou: 0, answered: false, startError: NaN, endError: NaN };
  return {
    ...{ query: event.query, action, iou: iou(moment, event), knowableIou: iou(moment, knowable(event)), answered: true },
    startError: moment.start_time - event.start_time,
    endError: moment.end_time - event.end_time,
  };
}

async function askAbsent({ api }: Product, videoId: string, scene: Scene): Promise<boolean[]> {
  const refused: boolean[] = [];
  for (const { query } of absentQuestions(randomOf(scene.seed), scene, 2)) {
    refused.push((await api.ask(videoId, query, { top_k: 1 })).answer === 'not_in_video');
  }
  return refused;
}
