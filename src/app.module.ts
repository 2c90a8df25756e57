// The API process: the platform and the domains, composed.
import { type DynamicModule, Module } from '@nestjs/common';
import { ApiKeysModule } from './api-keys/index.js';
import { AnalysisModule } from './analysis/index.js';
import { createEmbedders } from './embedders.js';
import { EmbeddingsModule } from './embeddings/index.js';
import { entities } from './entities.js';
import { HealthModule } from './health/index.js';
import { MetricsModule } from './metrics/index.js';
import { MomentsModule } from './moments/index.js';
import { type Config } from './platform/config/config.js';
import { PlatformModule } from './platform/platform.module.js';
import { RetentionModule } from './retention/index.js';
import { ScansModule } from './scans/index.js';
import { SearchModule } from './search/index.js';
import { SegmentsModule } from './segments/index.js';
import { TracksModule } from './tracks/index.js';
import { VideosModule } from './videos/index.js';
import { WebhooksModule } from './webhooks/index.js';

const DOMAINS = [ApiKeysModule, HealthModule, VideosModule, ScansModule, TracksModule, AnalysisModule, SegmentsModule, MomentsModule, SearchModule, WebhooksModule, MetricsModule, RetentionModule];

@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [PlatformModule.with(config, entities), EmbeddingsModule.with(createEmbedders(config)), ...DOMAINS],
    };
  }
}
