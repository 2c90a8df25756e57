// The worker process: the platform, the domains and one processor for each job.
import { type DynamicModule, Module } from '@nestjs/common';
import { AnalysisModule } from '../src/analysis/index.js';
import { entities } from '../src/entities.js';
import { HealthModule } from '../src/health/index.js';
import { type Inference } from '../src/inference/inference.js';
import { MomentsModule } from '../src/moments/index.js';
import { type Config } from '../src/platform/config/config.js';
import { PlatformModule } from '../src/platform/platform.module.js';
import { SegmentsModule } from '../src/segments/index.js';
import { VideosModule } from '../src/videos/index.js';
import { AnalyzeWindowProcessor } from './analyze-window.processor.js';
import { AnswerMomentsProcessor } from './answer-moments.processor.js';
import { Heartbeat } from './heartbeat.js';
import { MergeTaskProcessor } from './merge-task.processor.js';
import { PrepareTaskProcessor } from './prepare-task.processor.js';
import { SignalScan } from './signal-scan.js';
import { Sweeper } from './sweeper.js';
import { WindowReader } from './window-reader.js';
import { INFERENCE, WorkerContext } from './worker-context.js';

const PROCESSORS = [PrepareTaskProcessor, AnalyzeWindowProcessor, MergeTaskProcessor, AnswerMomentsProcessor];

@Module({})
export class WorkerModule {
  static with(config: Config, inference: Inference): DynamicModule {
    return {
      module: WorkerModule,
      imports: [PlatformModule.with(config, entities), HealthModule, VideosModule, AnalysisModule, SegmentsModule, MomentsModule],
      providers: [
        { provide: INFERENCE, useValue: inference },
        WorkerContext,
        WindowReader,
        SignalScan,
        Heartbeat,
        Sweeper,
        ...PROCESSORS,
      ],
    };
  }
}
