// The API process: the platform and the domains, composed.
import { type DynamicModule, Module } from '@nestjs/common';
import { AnalysisModule } from './analysis/index.js';
import { ClipsModule } from './clips/index.js';
import { createEmbedders } from './embedders.js';
import { EmbeddingsModule } from './embeddings/index.js';
import { entities } from './entities.js';
import { FeedbackModule } from './feedback/index.js';
import { HealthModule } from './health/index.js';
import { MomentsModule } from './moments/index.js';
import { PageModule } from './page/index.js';
import { type Config } from './platform/config/config.js';
import { PlatformModule } from './platform/platform.module.js';
import { ScansModule } from './scans/index.js';
import { SearchModule } from './search/index.js';
import { SegmentsModule } from './segments/index.js';
import { TracksModule } from './tracks/index.js';
import { VideosModule } from './videos/index.js';

const DOMAINS = [HealthModule, VideosModule, ScansModule, TracksModule, AnalysisModule, SegmentsModule, MomentsModule, SearchModule, FeedbackModule, ClipsModule, PageModule];

@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [PlatformModule.with(config, entities), EmbeddingsModule.with(createEmbedders(config)), ...DOMAINS],
    };
  }
}
