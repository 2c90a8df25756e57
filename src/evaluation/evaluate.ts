// Puts the questions of a data set to a service, video after video, and writes each answer down as it comes.
import { AppError } from '../app-error.js';
import { CLIP_SECONDS } from '../model/metrics/highlights.js';
import { type Dataset, type EvaluatedVideo, type Question } from './dataset.js';
import { type Journal } from './journal.js';
import { type PredictedEvents, type Prediction } from './predictions.js';

/** The service under evaluation, as its users reach it. */
export interface EvaluatedService {
  upload(file: string): Promise<UploadedVideo>;
  /** Looks at the whole video without being asked for anything in particular. */
  analyse(videoId: string): Promise<Pick<PredictedEvents, 'events' | 'unparsed' | 'videoTokens'>>;
  ask(videoId: string, query: string, options: AskOptions): Promise<ServiceAnswer>;
  remove(videoId: string): Promise<void>;
  /** CPU seconds of all that answers, since it started; undefined where that cannot be known. */
  cpuSeconds(): number | undefined;
}

export interface UploadedVideo {
  readonly id: string;
  /** Seconds. */
  readonly duration: number;
  /** It was there before: whoever put it there keeps it. */
  readonly duplicate: boolean;
}

export interface AskOptions {
  /** "Not in this video" may be the answer. */
  readonly allowNone: boolean;
  /** Relevance along the video is wanted too. */
  readonly curve: boolean;
}

export interface ServiceAnswer extends Pick<Prediction, 'moments' | 'candidate' | 'confidence' | 'unparsed'> {
  readonly curve?: { readonly startSeconds: number; readonly stepSeconds: number; readonly values: readonly (number | null)[] } | undefined;
}

export interface Progress {
  readonly asked: number;
  readonly total: number | undefined;
  readonly video: string;
  readonly doing: 'upload' | 'analyse' | 'ask';
}

/** After these there is no use in going on. */
const FATAL = /^(api\.unreachable|dataset\.|ffmpeg\.|checkpoint\.|storage\.)/;

/** Returns every video of the data set, with those that were done before. */
export async function evaluate(dataset: Dataset, service: EvaluatedService, journal: Journal, onProgress: (progress: Progress) => void): Promise<EvaluatedVideo[]> {
  const videos: EvaluatedVideo[] = [];
  let asked = 0;
  for await (const video of dataset.videos()) {
    videos.push(video);
    const left = video.questions.filter(({ qid }) => !journal.answers.has(qid));
    asked += video.questions.length - left.length;
    if (left.length === 0 && journal.events.has(video.name)) continue;
    const tell = (doing: Progress['doing'], more = 0): void => onProgress({ asked: asked + more, total: dataset.size, video: video.name, doing });
    await askAbout({ dataset, service, journal, tell }, video, left);
    asked += left.length;
  }
  return videos;
}

interface Work {
  readonly dataset: Dataset;
  readonly service: EvaluatedService;
  readonly journal: Journal;
  readonly tell: (doing: Progress['doing'], asked?: number) => void;
}

async function askAbout(work: Work, video: EvaluatedVideo, left: readonly Question[]): Promise<void> {
  const { service, journal, tell } = work;
  const before = service.cpuSeconds();
  tell('upload');
  const file = await video.open();
  let uploaded: UploadedVideo | undefined;
  try {
    uploaded = await service.upload(file);
    const { id, duration } = uploaded;
    tell('analyse');
    const found = await service.analyse(id);
    for (const [k, question] of left.entries()) {
      tell('ask', k);
      await journal.addAnswer(await answerTo(work, id, question));
    }
    const after = service.cpuSeconds();
    const cpuSeconds = before === undefined || after === undefined ? undefined : after - before;
    if (!journal.events.has(video.name)) await journal.addEvents({ ...found, vid: video.name, videoSeconds: duration, cpuSeconds });
  } catch (error) {
    const code = codeOf(error);
    for (const { qid, query, video: vid } of left) if (!journal.answers.has(qid)) await journal.addAnswer(unanswered({ qid, query, vid }, code));
    if (!journal.events.has(video.name)) await journal.addEvents({ vid: video.name, events: [], unparsed: 0 });
  } finally {
    await video.close();
    if (uploaded && !uploaded.duplicate) await service.remove(uploaded.id).catch(codeOf); // gone already is as good
  }
}

async function answerTo({ dataset, service }: Work, videoId: string, { qid, query, video: vid, ratings }: Question): Promise<Prediction> {
  const started = performance.now();
  const named = { qid, query, vid };
  try {
    const { curve, ...answer } = await service.ask(videoId, query, { allowNone: !dataset.onlyPresent, curve: ratings !== undefined });
    const saliency = ratings && curve ? clipScores(curve, ratings.length) : undefined;
    return { ...named, ...answer, saliency, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    return unanswered(named, codeOf(error));
  }
}

/** Rethrows what is no answer about a video. */
function codeOf(error: unknown): string {
  if (error instanceof AppError && !FATAL.test(error.code)) return error.code;
  throw error;
}

const unanswered = (named: Pick<Prediction, 'qid' | 'query' | 'vid'>, error: string): Prediction => ({
  ...named,
  ...{ moments: [], candidate: undefined, confidence: null, error },
  unparsed: error === 'moments.unreadable' ? 1 : 0,
});

/** The curve at the middle of each two-second clip; what was not searched is as unlikely as the unlikeliest. */
function clipScores({ startSeconds, stepSeconds, values }: NonNullable<ServiceAnswer['curve']>, clips: number): number[] {
  const known = values.filter((value) => value !== null);
  const least = Math.min(...known, 0);
  return Array.from({ length: clips }, (_, clip) => values[Math.floor(((clip + 0.5) * CLIP_SECONDS - startSeconds) / stepSeconds)] ?? least);
}
