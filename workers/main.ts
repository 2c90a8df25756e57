// Entry point of a worker process: loads the model, then answers the queue.
import 'reflect-metadata';
import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../src/app-error.js';
import { analyzeWindow, mergeTask, prepareTask } from '../src/analysis/analysis.job.js';
import { createInferenceChild } from '../src/inference/index.js';
import { type ModelCard } from '../src/inference/inference.js';
import { answerMoments } from '../src/moments/moments.job.js';
import { loadConfig } from '../src/platform/config/config.js';
import { log, NestLog } from '../src/platform/log/log.js';
import { runProcess } from '../src/platform/process.js';
import { type JobHandler, QUEUE, type Queue, type Worker } from '../src/platform/queue/queue.js';
import { AnalyzeWindowProcessor } from './analyze-window.processor.js';
import { AnswerMomentsProcessor } from './answer-moments.processor.js';
import { Heartbeat } from './heartbeat.js';
import { MergeTaskProcessor } from './merge-task.processor.js';
import { PrepareTaskProcessor } from './prepare-task.processor.js';
import { Sweeper } from './sweeper.js';
import { WorkerContext } from './worker-context.js';
import { WorkerModule } from './worker.module.js';

const QUEUE_RETRY_MS = 2000;

const JOBS = [prepareTask, analyzeWindow, mergeTask, answerMoments];

await runProcess(async (stopping) => {
  const config = loadConfig();
  const inference = createInferenceChild(config);
  const app = await NestFactory.createApplicationContext(WorkerModule.with(config, inference), { logger: new NestLog(), abortOnError: false });
  const heartbeat = app.get(Heartbeat);
  const loaded = heartbeat.start();
  const serving = serveOnceLoaded(app, loaded, stopping);
  return async () => {
    app.get(Sweeper).stop();
    await (await serving)?.close(); // stops at the next slice; what was begun goes back to wait
    await heartbeat.stop();
    await inference.close();
    await app.close();
  };
});

/** Takes no job before the model is loaded: until then jobs stay queued, and the heartbeat says why. */
async function serveOnceLoaded(app: INestApplicationContext, loaded: Promise<ModelCard>, stopping: AbortSignal): Promise<Worker | undefined> {
  const model = await Promise.race([loaded, aborted(stopping)]);
  if (!model) return undefined;
  const { name, hash, limitation } = model;
  const worker = await answerQueue(app, stopping);
  if (!worker) return undefined;
  app.get(Sweeper).start();
  await app.get(Heartbeat).serve();
  log.info({ model: name, hash }, 'worker ready');
  if (limitation) log.warn({ model: name }, limitation);
  return worker;
}

/** A queue that cannot be reached is tried again until it can. */
async function answerQueue(app: INestApplicationContext, stopping: AbortSignal): Promise<Worker | undefined> {
  const handlers: Record<string, JobHandler> = {
    [prepareTask.name]: (id, signal) => app.get(PrepareTaskProcessor).process(id, signal),
    [analyzeWindow.name]: (id, signal) => app.get(AnalyzeWindowProcessor).process(id, signal),
    [mergeTask.name]: (id, signal) => app.get(MergeTaskProcessor).process(id, signal),
    [answerMoments.name]: (id, signal) => app.get(AnswerMomentsProcessor).process(id, signal),
  };
  const { WORKER_CONCURRENCY: concurrency } = app.get(WorkerContext).config;
  while (!stopping.aborted) {
    try {
      return await app.get<Queue>(QUEUE).work(handlers, { jobs: JOBS, concurrency });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'queue.unreachable')) throw error;
      log.warn({ err: error }, 'the queue cannot be reached; trying again');
      await pause(QUEUE_RETRY_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
  return undefined;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
