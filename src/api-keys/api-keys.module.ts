// Wires the keys, and holds every route of the application to them.
import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { CONFIG, type Config } from '../platform/config/config.js';
import { AccessGuard } from './access.guard.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysService } from './api-keys.service.js';
import { Authentication } from './authentication.js';
import { DeclaredScopes } from './declared-scopes.js';
import { createKeyHasher, KeyHasher } from './key-hash.js';
import { SessionController } from './session.controller.js';

@Module({
  imports: [DiscoveryModule],
  controllers: [ApiKeysController, SessionController],
  providers: [
    ApiKeysService,
    DeclaredScopes,
    { provide: KeyHasher, inject: [CONFIG], useFactory: (config: Config) => createKeyHasher(config) },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ApiKeysService],
})
export class ApiKeysModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(Authentication).forRoutes('{*path}');
  }
}
