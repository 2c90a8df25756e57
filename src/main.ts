// Entry point of the API process.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { readFile } from 'node:fs/promises';
import { AppModule } from './app.module.js';
import { configureHttp } from './http-server.js';
import { ApiKeysService } from './api-keys/index.js';
import { Installation } from './metrics/index.js';
import { loadConfig } from './platform/config/config.js';
import { cutSilentBodies, drain } from './platform/http/connections.js';
import { listenForScraper } from './platform/http/metrics-listener.js';
import { keysRequired } from './platform/config/listening.js';
import { tellFirstKey } from './platform/first-key.js';
import { runProcess } from './platform/process.js';
import { log, NestLog } from './platform/log/log.js';
import { startTracing } from './platform/tracing/exporter.js';

/** How long an upload may stand still. */
const IDLE_SECONDS = 120;

await runProcess(async () => {
  const config = loadConfig();
  const stopTracing = startTracing(config, 'api');
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config), { logger: new NestLog(), abortOnError: false, bodyParser: false });
  app.disable('x-powered-by');
  configureHttp(app, await version(), config.CORS_ORIGINS);
  if (keysRequired(config)) {
    const key = await app.get(ApiKeysService).createFirst();
    if (key !== undefined) tellFirstKey(key);
  }
  const server = await app.listen(config.PORT, config.HOST);
  cutSilentBodies(server, IDLE_SECONDS * 1000);
  log.info({ url: await app.getUrl() }, 'api listens');
  const scraped = config.METRICS_PORT && (await listenForScraper(config.METRICS_PORT, config.HOST, () => app.get(Installation).text()));
  process.send?.({ type: 'listening', url: await app.getUrl() });
  return async () => {
    await drain(server, config.SHUTDOWN_SECONDS * 1000, () => app.close());
    if (scraped) scraped.close();
    await stopTracing();
  };
});

async function version(): Promise<string> {
  const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
