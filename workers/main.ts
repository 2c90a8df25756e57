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
import { type JobHandler, QUEUE, type Queue } from '../src/platform/queue/queue.js';
import { AnalyzeWindowProcessor } from './analyze-window.processor.js';
import { AnswerMomentsProcessor } from './answer-moments.processor.js';
import { Heartbeat } from './heartbeat.js';
import { MergeTaskProcessor } from './merge-task.processor.js';
import { PrepareTaskProcessor } from './prepare-task.processor.js';
import { Sweeper } from './sweeper.js';
import { WorkerContext } from './worker-context.js';
import { WorkerModule } from './worker.module.js';

/** A checkpoint that could not be loaded is tried again this often: somebody may be mending it. */
const RELOAD_SECONDS = 30;

const JOBS = [prepareTask, analyzeWindow, mergeTask, answerMoments];

await runProcess(async (stopping) => {
  const config = loadConfig();
  const inference = createInferenceChild(config);
  const app = await NestFactory.createApplicationContext(WorkerModule.with(config, inference), { logger: new NestLog(), abortOnError: false });
  const heartbeat = app.get(Heartbeat);
  await heartbeat.start();
  const serving = serveOnceLoaded(app, stopping);
  return async () => {
    app.get(WorkerContext).stop();
    app.get(Sweeper).stop();
    const worker = await serving;
    await worker?.close({ graceSeconds: config.SHUTDOWN_SECONDS / 2 });
    await heartbeat.stop();
    await inference.close();
    await app.close();
  };
});

/** Takes no job before the model is loaded: until then jobs stay queued, and the heartbeat says why. */
async function serveOnceLoaded(app: INestApplicationContext, stopping: AbortSignal) {
  const model = await loadModel(app, stopping);
  if (!model) return undefined;
  const { name, hash, parameters, limitation = null } = model;
  await app.get(Heartbeat).ready({ name, hash, parameters, limitation });
  log.info({ model: name, hash }, 'worker ready');
  if (limitation) log.warn({ model: name }, limitation);
  const handlers: Record<string, JobHandler> = {
    [prepareTask.name]: (id) => app.get(PrepareTaskProcessor).process(id),
    [analyzeWindow.name]: (id) => app.get(AnalyzeWindowProcessor).process(id),
    [mergeTask.name]: (id) => app.get(MergeTaskProcessor).process(id),
    [answerMoments.name]: (id) => app.get(AnswerMomentsProcessor).process(id),
  };
  const worker = await app.get<Queue>(QUEUE).work(handlers, { jobs: JOBS, concurrency: app.get(WorkerContext).config.WORKER_CONCURRENCY });
  app.get(Sweeper).start();
  return worker;
}

async function loadModel(app: INestApplicationContext, stopping: AbortSignal): Promise<ModelCard | undefined> {
  while (!stopping.aborted) {
    try {
      return await app.get(WorkerContext).inference.model();
    } catch (cause) {
      const error = cause instanceof AppError ? cause : new AppError('worker.unexpected', String(cause), { cause });
      log.error({ code: error.code }, `not ready: ${error.message}`);
      await app.get(Heartbeat).notReady(error);
      await pause(RELOAD_SECONDS * 1000, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
  return undefined;
}
