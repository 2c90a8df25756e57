// Entry point of a worker process: loads the model, then answers the queue.
import 'reflect-metadata';
import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { analyzeWindow } from '../src/analysis/analysis.job.js';
import { AppError } from '../src/app-error.js';
import { createInference } from '../src/inference/index.js';
import { type Config, loadConfig } from '../src/platform/config/config.js';
import { log, NestLog } from '../src/platform/log/log.js';
import { runProcess } from '../src/platform/process.js';
import { type JobContract, QUEUE, type Queue, type Worker } from '../src/platform/queue/queue.js';
import { scanChunk } from '../src/scans/scan.job.js';
import { Heartbeat } from './heartbeat.js';
import { jobsOf } from './jobs.js';
import { Sweeper } from './sweeper.js';
import { WorkerContext } from './worker-context.js';
import { WorkerModule } from './worker.module.js';

const QUEUE_RETRY_MS = 2000;

await runProcess(async (stopping) => {
  const config = loadConfig();
  const inference = createInference(config);
  const app = await NestFactory.createApplicationContext(WorkerModule.with(config, inference), { logger: new NestLog(), abortOnError: false });
  const heartbeat = app.get(Heartbeat);
  const serving = serve(app, heartbeat.start(), stopping);
  return async () => {
    app.get(Sweeper).stop();
    await (await serving)?.close(); // stops at the next slice; what was begun goes back to wait
    await heartbeat.stop();
    await inference.close();
    await app.close();
  };
});

/** Takes no job before what its roles need is there: until then jobs stay queued, and the heartbeat says why. */
async function serve(app: INestApplicationContext, prepared: Promise<void>, stopping: AbortSignal): Promise<Worker | undefined> {
  await Promise.race([prepared, aborted(stopping)]);
  const worker = await answerQueue(app, stopping);
  if (!worker) return undefined;
  app.get(Sweeper).start();
  await app.get(Heartbeat).serve();
  return worker;
}

/** A queue that cannot be reached is tried again until it can. */
async function answerQueue(app: INestApplicationContext, stopping: AbortSignal): Promise<Worker | undefined> {
  const { config } = app.get(WorkerContext);
  const { jobs, handlers } = jobsOf(app, config.WORKER_ROLES);
  while (!stopping.aborted) {
    try {
      return await app.get<Queue>(QUEUE).work(handlers, { jobs, concurrency: concurrencyOf(config) });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'queue.unreachable')) throw error;
      log.warn({ err: error }, 'the queue cannot be reached; trying again');
      await pause(QUEUE_RETRY_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
  return undefined;
}

/** Chunks are decoded by one thread each, and one core is left to the model; no device of the model waits while there are windows. */
const concurrencyOf = (config: Config) => ({ name }: JobContract): number => {
  if (name === scanChunk.name) return config.SCAN_CONCURRENCY ?? Math.max(1, availableParallelism() - 1);
  const devices = config.INFERENCE_DEVICES.split(',').length;
  return name === analyzeWindow.name ? Math.max(config.WORKER_CONCURRENCY, devices) : config.WORKER_CONCURRENCY;
};

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
