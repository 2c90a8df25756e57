// Entry point of a worker process: answers the queue, for jobs of the model as soon as it is loaded.
import 'reflect-metadata';
import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { analyzeWindow } from '../src/analysis/analysis.job.js';
import { AppError } from '../src/app-error.js';
import { answerChat } from '../src/chat/chat.job.js';
import { createInference, windowsAtOnce } from '../src/inference/index.js';
import { type Config, loadConfig } from '../src/platform/config/config.js';
import { log, NestLog } from '../src/platform/log/log.js';
import { runProcess } from '../src/platform/process.js';
import { type JobContract, QUEUE, type Queue, type Worker, type WorkerRole } from '../src/platform/queue/queue.js';
import { startTracing } from '../src/platform/tracing/exporter.js';
import { scanChunk } from '../src/scans/scan.job.js';
import { receiveUpload } from '../src/uploads/upload.job.js';
import { beginScan } from '../src/videos/video.job.js';
import { deliverWebhooks } from '../src/webhooks/webhooks.job.js';
import { DeliveryBell } from './delivery-bell.js';
import { Heartbeat } from './heartbeat.js';
import { jobsOf } from './jobs.js';
import { Sweeper } from './sweeper.js';
import { WatchFolder } from './watch-folder.js';
import { WorkerContext } from './worker-context.js';
import { WorkerModule } from './worker.module.js';

const QUEUE_RETRY_MS = 2000;

/** Scans of which one may begin while another reads a long file to its end. */
const BEGUN_AT_ONCE = 2;

/** Endpoints that are told at a time: each waits for its receiver, and costs next to nothing meanwhile. */
const TOLD_AT_ONCE = 100;

/** Uploads that a worker receives at a time: most of them wait for a source that is slow. */
const RECEIVED_AT_ONCE = 8;

await runProcess(async (stopping) => {
  const config = loadConfig();
  const stopTracing = startTracing(config, 'worker');
  const inference = createInference(config);
  const app = await NestFactory.createApplicationContext(WorkerModule.with(config, inference), { logger: new NestLog(), abortOnError: false });
  const heartbeat = app.get(Heartbeat);
  const serving = serve(app, heartbeat.start(), stopping);
  return async () => {
    app.get(Sweeper).stop();
    app.get(DeliveryBell).stop();
    app.get(WatchFolder).stop();
    await Promise.all((await serving).map((worker) => worker.close())); // stops at the next slice; what was begun goes back to wait
    await heartbeat.stop();
    await inference.close();
    await app.close();
    await stopTracing();
  };
});

/** Does at once what needs no model; until that is loaded its jobs stay queued, and the heartbeat says why. */
async function serve(app: INestApplicationContext, prepared: Promise<void>, stopping: AbortSignal): Promise<Worker[]> {
  const roles = app.get(WorkerContext).config.WORKER_ROLES;
  const workers = await answerQueue(app, roles.filter((role) => role !== 'model'), stopping);
  if (workers.length > 0) app.get(Sweeper).start();
  if (roles.includes('delivery')) app.get(DeliveryBell).start();
  if (roles.includes('media')) app.get(WatchFolder).start();
  await Promise.race([prepared, aborted(stopping)]);
  workers.push(...(await answerQueue(app, roles.filter((role) => role === 'model'), stopping)));
  if (stopping.aborted) return workers;
  app.get(Sweeper).start();
  await app.get(Heartbeat).serve();
  return workers;
}

/** A queue that cannot be reached is tried again until it can. */
async function answerQueue(app: INestApplicationContext, roles: readonly WorkerRole[], stopping: AbortSignal): Promise<Worker[]> {
  const { config } = app.get(WorkerContext);
  const { jobs, handlers } = jobsOf(app, roles);
  while (!stopping.aborted && jobs.length > 0) {
    try {
      return [await app.get<Queue>(QUEUE).work(handlers, { jobs, concurrency: (job) => concurrencyOf(config, job) })];
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'queue.unreachable')) throw error;
      log.warn({ err: error }, 'the queue cannot be reached; trying again');
      await pause(QUEUE_RETRY_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
  return [];
}

/** Chunks are decoded by one thread each, and one core is left to the model; no device of the model waits while there is work for it. */
function concurrencyOf(config: Config, { name }: JobContract): number {
  if (name === scanChunk.name) return config.SCAN_CONCURRENCY ?? Math.max(1, availableParallelism() - 1);
  if (name === receiveUpload.name) return Math.max(RECEIVED_AT_ONCE, config.WORKER_CONCURRENCY);
  if (name === beginScan.name) return Math.max(BEGUN_AT_ONCE, config.WORKER_CONCURRENCY);
  if (name === deliverWebhooks.name) return TOLD_AT_ONCE;
  return name === analyzeWindow.name || name === answerChat.name ? Math.max(config.WORKER_CONCURRENCY, windowsAtOnce(config)) : config.WORKER_CONCURRENCY;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
