// Test that a route without authentication before it serves nobody.
import 'reflect-metadata';
import { type INestApplication, Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NextFunction, Request, Response } from 'express';
import { afterEach, expect, it } from 'vitest';
import { type Caller, CurrentCaller, LOCAL_CALLER, RequireScope } from './access.js';
import { ProblemFilter } from './problem.filter.js';

class Whoami {
  show({ tenantId }: Caller) {
    return { tenantId };
  }
}
RequireScope('videos:read')(Whoami);
Get()(Whoami.prototype, 'show', Object.getOwnPropertyDescriptor(Whoami.prototype, 'show')!);
CurrentCaller()(Whoami.prototype, 'show', 0);
Controller('whoami')(Whoami);

let app: INestApplication;
afterEach(() => app.close());

async function ask(caller?: Caller): Promise<[number, unknown]> {
  class TestModule {}
  Module({ controllers: [Whoami] })(TestModule);
  app = await NestFactory.create(TestModule, { logger: false });
  app.useGlobalFilters(new ProblemFilter({}));
  app.use((request: Request, _response: Response, next: NextFunction) => {
    if (caller) request.caller = caller;
    next();
  });
  await app.listen(0, '127.0.0.1');
  const response = await fetch(`${await app.getUrl()}/whoami`);
  return [response.status, await response.json()];
}

it('a route that asks who calls tells a caller, and fails where nobody was let in', async () => {
  expect(await ask(LOCAL_CALLER)).toEqual([200, { tenantId: 'default' }]);
  await app.close();
  expect(await ask()).toEqual([500, expect.objectContaining({ code: 'access.caller_unknown' })]);
});
