// `secondsight eval --dataset world-pictures`: boxes, points, labels and pages, asked of single pictures by the chat API.
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { AppError } from '../../app-error.js';
import { type DrawnPicture, type JudgedPicture, judgePicture, type PictureAnswer, type PictureQuestion, type PictureSummary, pictureQuestions, summarisePictures } from '../../evaluation/index.js';
import { type Config } from '../../platform/config/config.js';
import { type ApiClient } from '../api-client.js';
import { ProgressBar } from '../table.js';
import { type AskedService, withService } from './eval-service.js';

export interface EvalPicturesOptions extends AskedService {
  readonly seed: number;
  readonly questions: number;
}

const MOST_TOKENS = 400;

/** Leaves `answers.jsonl` in `folder`. */
export async function evaluatePictures(options: EvalPicturesOptions, config: Config, folder: string): Promise<PictureSummary> {
  const questions = pictureQuestions(options.seed, options.questions);
  const answers = join(folder, 'answers.jsonl');
  await mkdir(folder, { recursive: true });
  await rm(answers, { force: true });
  const judged = await withService(options, config, folder, async (api) => {
    const [model] = await api.models();
    const bar = new ProgressBar(process.stderr);
    const found: JudgedPicture[] = [];
    for (const question of questions) {
      bar.draw(found.length / questions.length, `${found.length} of ${questions.length} questions: ${question.task}`);
      const answer = await answerTo(api, model?.id ?? '', question);
      await appendFile(answers, `${JSON.stringify({ ...question, answer })}\n`);
      found.push(judgePicture(question, answer));
    }
    bar.finish();
    return found;
  });
  return summarisePictures(judged, options.seed);
}

async function answerTo(api: ApiClient, model: string, { task, prompt, draw }: PictureQuestion): Promise<PictureAnswer> {
  const content = [{ type: 'image_url', image_url: { url: await dataUrl(draw()) } }, { type: 'text', text: prompt }];
  const means = task === 'page' ? { document: true } : { grounding: true };
  try {
    const { grounding = [], grounding_unparsed: unparsed = 0, document } = await api.chat({ model, messages: [{ role: 'user', content }], max_completion_tokens: MOST_TOKENS, temperature: 0, ...means });
    const places = grounding.map(({ label, bbox_2d: box, point_2d: point }) => ({ label, box, point }));
    return { places, blocks: document?.blocks.map(({ text }) => text) ?? [], unparsed };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'api.unreachable') throw error;
    return { places: [], blocks: [], unparsed: 0, error: error.code };
  }
}

async function dataUrl({ rgb, width, height }: DrawnPicture): Promise<string> {
  const png = await sharp(rgb, { raw: { width, height, channels: 3 } }).png().toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}
