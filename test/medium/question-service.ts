// The service with its questions and searches in this process: real Postgres, real queue, real routes, and a model that knows what it is told.
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'typeorm';
import { AlertsModule } from '../../src/alerts/index.js';
import { AnalysisModule } from '../../src/analysis/index.js';
import { createEmbedders } from '../../src/embedders.js';
import { embedSegments } from '../../src/embeddings/embeddings.job.js';
import { EmbeddingsModule } from '../../src/embeddings/index.js';
import { entities } from '../../src/entities.js';
import { FeedbackModule } from '../../src/feedback/index.js';
import { HealthModule, WorkersService } from '../../src/health/index.js';
import { configureHttp } from '../../src/http-server.js';
import { readBody } from '../../src/read-body.js';
import { type Inference, type ModelCard, type RunOptions, type WindowPrompt, type WindowRequest, type WindowResult } from '../../src/inference/inference.js';
import { answerMoments } from '../../src/moments/moments.job.js';
import { MomentsModule } from '../../src/moments/index.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { QUEUE, type Queue } from '../../src/platform/queue/queue.js';
import { SearchModule } from '../../src/search/index.js';
import { SegmentsModule } from '../../src/segments/index.js';
import { type Video, VideosModule } from '../../src/videos/index.js';
import { AnswerMomentsProcessor } from '../../workers/answer-moments.processor.js';
import { DueVectors } from '../../workers/due-vectors.js';
import { EmbedSegmentsProcessor } from '../../workers/embed-segments.processor.js';
import { WindowChecks } from '../../workers/moments/window-checks.js';
import { WindowReader } from '../../workers/window-reader.js';
import { INFERENCE, WorkerContext } from '../../workers/worker-context.js';
import { asLocalCaller } from './local-caller.js';
import { startPostgres, temporaryFolder, type TestServer } from './servers.js';

/** Something that happens in a video, as the model sees it; seconds. */
export interface KnownEvent {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Natural log-odds of the model's yes; 4 unless told. */
  readonly sure?: number;
}

/** Answers about events that it is told of, by the video's hash; counts what it is asked. */
export class KnowingModel implements Inference {
  readonly events = new Map<string, readonly KnownEvent[]>();
  readonly asked: { readonly sha256: string; readonly startSeconds: number; readonly endSeconds: number; readonly fps: number; readonly prompts: number }[] = [];
  card: ModelCard = {
    ...{ name: 'knowing', hash: '0123456789abcdef', notesHash: '', directory: '/', parameters: 1, tokensPerSecond: 2, limitation: undefined },
    ...{ windowSeconds: 30, windowOverlapSeconds: 6, fps: 2 },
  };
  /** Called before each window: may wait or throw. */
  before: (request: WindowRequest, options: RunOptions) => Promise<void> | void = () => undefined;
  private readonly seen = new Set<string>();

  model(): Promise<ModelCard> {
    return Promise.resolve(this.card);
  }

  async run(request: WindowRequest, options: RunOptions = {}): Promise<WindowResult> {
    const { contentHash: sha256, startSeconds, endSeconds, sampling, prompts } = request;
    const fps = sampling.fps ?? 2;
    this.asked.push({ sha256, startSeconds, endSeconds, fps, prompts: prompts.length });
    if (!options.urgent) throw new Error('a question must be urgent');
    await this.before(request, options);
    options.signal?.throwIfAborted();
    const key = JSON.stringify([sha256, startSeconds, endSeconds, sampling]);
    const seen = this.seen.has(key) ? 'disk' : 'now';
    this.seen.add(key);
    const firstCell = Math.ceil(startSeconds * fps - 1e-6);
    const cells = Math.ceil(endSeconds * fps - 1e-6) - firstCell;
    const frames = Array.from({ length: cells + (cells % 2) }, (_, k) => ({ seconds: (firstCell + k) / fps, pts: k, held: false }));
    const plan = { timeBase: { num: 1, den: 25 }, originPts: 0, firstCell, effectiveFps: fps, secondPerGrid: 2 / fps, startSeconds, endSeconds, frames };
    const answers = prompts.map((prompt) => ({ ...this.answer(prompt, request, firstCell / fps), finishReason: 'stop' as const, promptHash: '00112233aabbccdd' }));
    return { model: this.card, plan, width: 56, height: 56, videoGridThw: [frames.length / 2, 4, 4], temporalIds: [], seen, answers };
  }

  chat(): Promise<never> {
    return Promise.reject(new Error('this model is only asked about windows'));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private answer({ text, form }: WindowPrompt, { contentHash, startSeconds, endSeconds }: WindowRequest, zero: number) {
    const query = /'(.*)'/s.exec(text)?.[1] ?? '';
    const inside = (this.events.get(contentHash) ?? []).filter((event) => event.text === query && event.start < endSeconds && event.end > startSeconds);
    if (form?.kind === 'choice') {
      const odds = inside[0] ? (inside[0].sure ?? 4) : -4;
      const yes = -Math.log1p(Math.exp(-odds));
      const choices = form.options.map((option) => ({ text: option, logprob: option === 'Yes' ? yes : yes - odds }));
      const best = odds > 0 ? 'Yes' : 'No';
      return { text: best, tokens: [{ id: 1, text: best, logprob: Math.max(...choices.map(({ logprob }) => logprob)) }], choices };
    }
    const spans = inside.map(({ start, end }) => `${Math.max(0, start - zero).toFixed(1)} - ${(Math.min(end, endSeconds) - zero).toFixed(1)} seconds`);
    const said = spans.length > 0 ? `The given query happens in ${spans.join(' and ')}.` : 'The given query does not happen in the video.';
    return { text: said, tokens: [{ id: 2, text: said, logprob: Math.log(0.9) }] };
  }
}

export interface QuestionService {
  readonly baseUrl: string;
  readonly db: DataSource;
  readonly model: KnowingModel;
  readonly app: INestApplication;
  addVideo(options?: { duration?: number; events?: readonly KnownEvent[]; createdAt?: Date }): Promise<{ id: string; sha256: string }>;
  addTask(videoId: string, options?: TaskOptions): Promise<string>;
  addSegment(videoId: string, segment: SegmentOptions): Promise<string>;
  /** The answer as it is, of the type that the caller expects; an error has a `code`. */
  post<T>(path: string, body: unknown): Promise<{ status: number; body: T & ProblemBody }>;
  stop(): Promise<void>;
}

export interface ProblemBody {
  readonly code: string;
  readonly errors: readonly { readonly path: string }[];
}

interface TaskOptions {
  readonly status?: 'ready' | 'processing' | 'queued' | 'canceled' | 'failed';
  readonly start?: number;
  readonly end?: number;
  readonly windows?: readonly { readonly start: number; readonly end: number; readonly status?: string; readonly fps?: number }[];
}

interface SegmentOptions {
  readonly text: string;
  readonly start?: number;
  readonly end?: number;
  readonly type?: string;
  readonly source?: 'model' | 'signal' | 'track';
  readonly taskId?: string;
  readonly confidence?: number;
}

export async function startQuestionService(env: Record<string, string> = {}, { withWorker = true } = {}): Promise<QuestionService> {
  const postgres: TestServer = await startPostgres();
  await migrate(postgres.url);
  const folder = temporaryFolder();
  const config = loadConfig({ DATABASE_URL: postgres.url, DATA_DIR: folder, LOG_LEVEL: 'silent', ...env });
  const model = new KnowingModel();
  const read = (video: Video, window: { startTime: number; endTime: number }, sampling: WindowRequest['sampling'], prompts: readonly WindowPrompt[], options: RunOptions) =>
    model.run(
      {
        ...{ file: video.id, contentHash: video.sha256, video: undefined as never, index: undefined as never },
        ...{ startSeconds: window.startTime, endSeconds: window.endTime, sampling, prompts },
      },
      options,
    );
  class TestModule {}
  Module({
    imports: [
      PlatformModule.with(config, entities),
      EmbeddingsModule.with(createEmbedders(config)),
      ...[HealthModule, VideosModule, AnalysisModule, SegmentsModule, MomentsModule, FeedbackModule, SearchModule, AlertsModule],
    ],
    providers: [
      { provide: INFERENCE, useValue: model },
      { provide: WindowReader, useValue: { read } },
      ...[WorkerContext, WindowChecks, AnswerMomentsProcessor, EmbedSegmentsProcessor, DueVectors],
    ],
  })(TestModule);
  const app = await NestFactory.create(TestModule, { logger: false, abortOnError: false });
  app.enableShutdownHooks([]);
  configureHttp(app, '0');
  app.use(asLocalCaller, readBody);
  await app.listen(0, '127.0.0.1');
  const baseUrl = `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}`;
  const db = app.get(DataSource);
  const workers = app.get(WorkersService);
  const beat = () => workers.beat({ id: app.get(WorkerContext).workerId, status: 'ready', model: { ...model.card, limitation: null }, errorCode: null, errorMessage: null });
  await beat();
  const beating = setInterval(() => void beat().catch(() => undefined), 5000);
  const worker = withWorker
    ? await app.get<Queue>(QUEUE).work(
        {
          [answerMoments.name]: (id, signal) => app.get(AnswerMomentsProcessor).process(id, signal),
          [embedSegments.name]: (id, signal) => app.get(EmbedSegmentsProcessor).process(id, signal),
        },
        { jobs: [answerMoments, embedSegments], concurrency: 2 },
      )
    : undefined;
  let ordinal = 0;
  return {
    ...{ baseUrl, db, model, app },
    async addVideo({ duration = 120, events = [], createdAt = new Date() } = {}) {
      const id = newId();
      const sha256 = id.replaceAll('-', '').repeat(2);
      await db.query(
        `INSERT INTO videos (id, name, bytes, sha256, storage_key, container, codec, width, height, frame_rate, time_base_num, time_base_den, stream_index,
                             start_time, duration, has_audio, created_at)
         VALUES ($1, 'clip.mp4', 1, $2, $1::uuid::text, 'mp4', 'h264', 640, 360, 25, 1, 25, 0, 0, $3, false, $4)`,
        [id, sha256, duration, createdAt],
      );
      model.events.set(sha256, events);
      return { id, sha256 };
    },
    async addTask(videoId, { status = 'ready', start = 0, end = 120, windows = [] } = {}) {
      const id = newId();
      const finished = status === 'ready' || status === 'canceled' || status === 'failed';
      await db.query(
        `INSERT INTO tasks (id, video_id, start_time, end_time, status, stage, windows_total, finished_at, error_code, planned_until, request)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $4, '{"sampling": {}}')`,
        [id, videoId, start, end, status, finished ? 'done' : 'windows', windows.length, finished ? new Date() : null, status === 'failed' ? 'x.y' : null],
      );
      for (const [k, window] of windows.entries()) {
        const { fps = 2, status: state = 'ready' } = window;
        const sampling = { fps, maxFrames: 128, minPixels: 3136, maxPixels: 3136, totalPixels: 1_000_000 };
        const why = { kind: 'calm', motion: null, frames: 60, width: 56, height: 56, tokens: 120, edge: 'grid' };
        await db.query(
          `INSERT INTO windows (id, task_id, ordinal, start_time, end_time, sampling, why, status, result, error_code) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
          [newId(), id, k, window.start, window.end, JSON.stringify(sampling), JSON.stringify(why), state, state === 'ready' ? '{}' : null, state === 'failed' ? 'x.y' : null],
        );
      }
      return id;
    },
    async addSegment(videoId, { text, start = 0, end = start + 5, type = 'event', source = 'model', taskId, confidence = 0.9 }) {
      const id = newId();
      await db.query(
        `INSERT INTO segments (id, video_id, task_id, ordinal, start_time, end_time, type, text, confidence, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [id, videoId, taskId ?? null, ordinal++, start, end, type, text, confidence, source],
      );
      return id;
    },
    async post<T>(path: string, body: unknown) {
      const multipart = body instanceof FormData;
      const init = multipart ? { body } : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const response = await fetch(baseUrl + path, { method: 'POST', ...init });
      return { status: response.status, body: (await response.json()) as T & ProblemBody };
    },
    async stop() {
      clearInterval(beating);
      await worker?.close();
      await app.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
