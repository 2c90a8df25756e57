// The worker process: the platform, the domains and one processor for each job.
import { type DynamicModule, Module } from '@nestjs/common';
import { AlertsModule } from '../src/alerts/index.js';
import { AnalysisModule } from '../src/analysis/index.js';
import { ChatModule } from '../src/chat/index.js';
import { CutsModule } from '../src/cuts/index.js';
import { createEmbedders } from '../src/embedders.js';
import { EmbeddingsModule } from '../src/embeddings/index.js';
import { entities } from '../src/entities.js';
import { HealthModule } from '../src/health/index.js';
import { type Inference } from '../src/inference/inference.js';
import { MomentsModule } from '../src/moments/index.js';
import { type Config } from '../src/platform/config/config.js';
import { PlatformModule } from '../src/platform/platform.module.js';
import { ProxiesModule } from '../src/proxies/index.js';
import { RetentionModule } from '../src/retention/index.js';
import { ScansModule } from '../src/scans/index.js';
import { SearchModule } from '../src/search/index.js';
import { SegmentsModule } from '../src/segments/index.js';
import { TracksModule } from '../src/tracks/index.js';
import { UploadsModule } from '../src/uploads/index.js';
import { VideosModule } from '../src/videos/index.js';
import { WebhooksModule } from '../src/webhooks/index.js';
import { ChatSources } from './chat/chat-sources.js';
import { ChunkScan } from './chunk-scan.js';
import { DeliveryBell } from './delivery-bell.js';
import { DueVectors } from './due-vectors.js';
import { Heartbeat } from './heartbeat.js';
import { PROCESSORS } from './jobs.js';
import { WindowChecks } from './moments/window-checks.js';
import { Sweeper } from './sweeper.js';
import { WatchFolder } from './watch-folder.js';
import { ReelRenderer } from './reel-renderer.js';
import { WindowReader } from './window-reader.js';
import { INFERENCE, WorkerContext } from './worker-context.js';

const DOMAINS = [HealthModule, VideosModule, UploadsModule, ScansModule, TracksModule, AnalysisModule, SegmentsModule, MomentsModule, SearchModule, ChatModule, AlertsModule, WebhooksModule, RetentionModule, CutsModule, ProxiesModule];

@Module({})
export class WorkerModule {
  static with(config: Config, inference: Inference): DynamicModule {
    return {
      module: WorkerModule,
      imports: [PlatformModule.with(config, entities), EmbeddingsModule.with(createEmbedders(config)), ...DOMAINS],
      providers: [
        { provide: INFERENCE, useValue: inference },
        WorkerContext,
        WindowReader,
        ReelRenderer,
        WindowChecks,
        ChatSources,
        ChunkScan,
        Heartbeat,
        Sweeper,
        DueVectors,
        DeliveryBell,
        WatchFolder,
        ...PROCESSORS,
      ],
    };
  }
}
