// Wires the retention.
import { Module } from '@nestjs/common';
import { VideosModule } from '../videos/index.js';
import { RetentionController } from './retention.controller.js';
import { RetentionService } from './retention.service.js';
import { StorageController } from './storage.controller.js';
import { StorageUse } from './storage-use.js';

@Module({ imports: [VideosModule], controllers: [RetentionController, StorageController], providers: [RetentionService, StorageUse], exports: [RetentionService] })
export class RetentionModule {}
