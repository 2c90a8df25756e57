// Wires the limits of what may be added.
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { OverloadGuard } from './overload.guard.js';
import { RoomForWork } from './room-for-work.js';

@Module({ providers: [RoomForWork, { provide: APP_GUARD, useClass: OverloadGuard }], exports: [RoomForWork] })
export class QuotasModule {}
