// The API in this process, on a database of the test, with whatever settings a test needs.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { ApiKeysService } from '../../src/api-keys/index.js';
import { AppModule } from '../../src/app.module.js';
import { configureHttp } from '../../src/http-server.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { type Scope } from '../../src/platform/http/access.js';

export interface Api {
  readonly baseUrl: string;
  /** Makes a key past the API. */
  key(tenantId: string, scopes?: Scope[]): Promise<{ id: string; text: string }>;
  stop(): Promise<void>;
}

export async function startApi(env: Record<string, string>): Promise<Api> {
  const config = loadConfig({ LOG_LEVEL: 'silent', AUTH: 'required', ...env });
  const app = await NestFactory.create(AppModule.with(config), { logger: false, abortOnError: false, bodyParser: false });
  configureHttp(app, '0', config.CORS_ORIGINS);
  await app.listen(0, '127.0.0.1');
  const keys = app.get(ApiKeysService);
  return {
    baseUrl: `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}`,
    key: async (tenant_id, scopes = ['admin']) => {
      const { key, text } = await keys.create({ name: 'test', tenant_id, scopes, expires_at: null });
      return { id: key.id, text };
    },
    stop: () => app.close(),
  };
}
