// Tests of the look at every route before the start.
import 'reflect-metadata';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { expect, it } from 'vitest';
import { RequireScope } from '../platform/http/access.js';
import { DeclaredScopes } from './declared-scopes.js';

class Declared {
  list() {
    return [];
  }
}
class Forgotten {
  list() {
    return [];
  }
  add() {
    return this.list();
  }
  /** No route. */
  helper() {
    return 1;
  }
}
Controller('declared')(Declared);
RequireScope('public')(Declared);
Controller('forgotten')(Forgotten);
const route = (decorate: MethodDecorator, of: { prototype: object }, name: string) => decorate(of.prototype, name, Object.getOwnPropertyDescriptor(of.prototype, name)!);
route(Get(), Declared, 'list');
route(Get(), Forgotten, 'list');
route(Post(), Forgotten, 'add');

it('names every route that says nothing of its scope, and those alone', async () => {
  class TestModule {}
  Module({ imports: [DiscoveryModule], controllers: [Declared, Forgotten], providers: [DeclaredScopes] })(TestModule);
  const starting = NestFactory.create(TestModule, { logger: false, abortOnError: false }).then((app) => app.init());
  await expect(starting).rejects.toMatchObject({ code: 'access.scope_undeclared', message: 'These routes need @RequireScope: Forgotten.list, Forgotten.add.' });
});
