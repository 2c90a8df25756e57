// Wires the limits of what may be added.
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { OverloadGuard } from './overload.guard.js';

@Module({ providers: [{ provide: APP_GUARD, useClass: OverloadGuard }] })
export class QuotasModule {}
