// Wires the keys, and holds every route of the application to them.
import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { CONFIG, type Config } from '../platform/config/config.js';
import { AccessGuard } from './access.guard.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysService } from './api-keys.service.js';
import { DeclaredScopes } from './declared-scopes.js';
import { createKeyHasher, KeyHasher } from './key-hash.js';
import { OpenAnswers } from './open-answers.js';
import { SessionController } from './session.controller.js';

@Module({
  imports: [DiscoveryModule],
  controllers: [ApiKeysController, SessionController],
  providers: [
    ApiKeysService,
    DeclaredScopes,
    OpenAnswers,
    { provide: KeyHasher, inject: [CONFIG], useFactory: (config: Config) => createKeyHasher(config) },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ApiKeysService, KeyHasher, OpenAnswers],
})
export class ApiKeysModule {}
