// The API process: the platform and the domains, composed.
import { type DynamicModule, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { AlertsModule } from './alerts/index.js';
import { ApiKeysModule, Authentication, RateLimit } from './api-keys/index.js';
import { AuditModule } from './audit/index.js';
import { AnalysisModule } from './analysis/index.js';
import { ChatModule } from './chat/index.js';
import { ClipsModule } from './clips/index.js';
import { CutsModule } from './cuts/index.js';
import { EarlyRefusal } from './early-refusal.js';
import { createEmbedders } from './embedders.js';
import { EmbeddingsModule } from './embeddings/index.js';
import { entities } from './entities.js';
import { FeedbackModule } from './feedback/index.js';
import { HealthModule } from './health/index.js';
import { Idempotency, IdempotencyModule } from './idempotency/index.js';
import { MetricsModule } from './metrics/index.js';
import { MomentsModule } from './moments/index.js';
import { PageModule } from './page/index.js';
import { type Config } from './platform/config/config.js';
import { PlatformModule } from './platform/platform.module.js';
import { PresetsModule } from './presets/index.js';
import { ProxiesModule } from './proxies/index.js';
import { QueuesModule } from './queues/index.js';
import { QuotasModule } from './quotas/index.js';
import { readBody } from './read-body.js';
import { RetentionModule } from './retention/index.js';
import { ScansModule } from './scans/index.js';
import { SearchModule } from './search/index.js';
import { SegmentsModule } from './segments/index.js';
import { TracksModule } from './tracks/index.js';
import { UploadsModule } from './uploads/index.js';
import { VideosModule } from './videos/index.js';
import { WebhooksModule } from './webhooks/index.js';

const ACCESS = [ApiKeysModule, IdempotencyModule, QuotasModule];
const OPERATION = [HealthModule, AuditModule, MetricsModule, QueuesModule, RetentionModule];
const STORED = [VideosModule, ProxiesModule, UploadsModule, ScansModule, TracksModule, PresetsModule, AnalysisModule, SegmentsModule];
const ASKED = [MomentsModule, SearchModule, ChatModule, AlertsModule, WebhooksModule, FeedbackModule, ClipsModule, CutsModule, PageModule];

@Module({})
export class AppModule implements NestModule {
  /** Who calls, how often, what, and whether it was said before: of every request, in this order. */
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(Authentication, RateLimit, EarlyRefusal, readBody, Idempotency).forRoutes('{*path}');
  }

  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [PlatformModule.with(config, entities), EmbeddingsModule.with(createEmbedders(config)), ...ACCESS, ...OPERATION, ...STORED, ...ASKED],
    };
  }
}
