// Which processor does which job.
import { type INestApplicationContext, type Type } from '@nestjs/common';
import { followAlerts } from '../src/alerts/alerts.job.js';
import { analyzeWindow, mergeTask, planTask } from '../src/analysis/analysis.job.js';
import { answerChat } from '../src/chat/chat.job.js';
import { renderCut } from '../src/cuts/cut.job.js';
import { embedSegments } from '../src/embeddings/embeddings.job.js';
import { answerMoments } from '../src/moments/moments.job.js';
import { withLogFields } from '../src/platform/log/log-fields.js';
import { type JobContract, type JobHandler, type WorkerRole } from '../src/platform/queue/queue.js';
import { makeProxy } from '../src/proxies/proxy.job.js';
import { finishScan, scanChunk } from '../src/scans/scan.job.js';
import { receiveUpload } from '../src/uploads/upload.job.js';
import { beginScan } from '../src/videos/video.job.js';
import { deliverWebhooks } from '../src/webhooks/webhooks.job.js';
import { AnalyzeWindowProcessor } from './analyze-window.processor.js';
import { AnswerChatProcessor } from './answer-chat.processor.js';
import { AnswerMomentsProcessor } from './answer-moments.processor.js';
import { BeginScanProcessor } from './begin-scan.processor.js';
import { DeliverWebhooksProcessor } from './deliver-webhooks.processor.js';
import { EmbedSegmentsProcessor } from './embed-segments.processor.js';
import { FinishScanProcessor } from './finish-scan.processor.js';
import { FollowAlertsProcessor } from './follow-alerts.processor.js';
import { MakeProxyProcessor } from './make-proxy.processor.js';
import { MergeTaskProcessor } from './merge-task.processor.js';
import { PlanTaskProcessor } from './plan-task.processor.js';
import { ReceiveUploadProcessor } from './receive-upload.processor.js';
import { RenderCutProcessor } from './render-cut.processor.js';
import { ScanChunkProcessor } from './scan-chunk.processor.js';

interface Processor {
  process(id: string, stopping: AbortSignal): Promise<void>;
}

/** Every job that exists, with the one processor that does it. */
const PROCESSOR_OF: readonly (readonly [JobContract, Type<Processor>])[] = [
  [receiveUpload, ReceiveUploadProcessor],
  [beginScan, BeginScanProcessor],
  [scanChunk, ScanChunkProcessor],
  [finishScan, FinishScanProcessor],
  [planTask, PlanTaskProcessor],
  [analyzeWindow, AnalyzeWindowProcessor],
  [mergeTask, MergeTaskProcessor],
  [answerMoments, AnswerMomentsProcessor],
  [answerChat, AnswerChatProcessor],
  [embedSegments, EmbedSegmentsProcessor],
  [followAlerts, FollowAlertsProcessor],
  [renderCut, RenderCutProcessor],
  [makeProxy, MakeProxyProcessor],
  [deliverWebhooks, DeliverWebhooksProcessor],
];

export const PROCESSORS = PROCESSOR_OF.map(([, processor]) => processor);

/** The jobs of some roles, each with its handler. */
export function jobsOf(app: INestApplicationContext, roles: readonly WorkerRole[]): { jobs: JobContract[]; handlers: Record<string, JobHandler> } {
  const chosen = PROCESSOR_OF.filter(([job]) => roles.includes(job.role));
  const handlers = chosen.map(([job, processor]): [string, JobHandler] => [job.name, (id, signal) => withLogFields({ job: job.name }, () => app.get(processor).process(id, signal))]);
  return { jobs: chosen.map(([job]) => job), handlers: Object.fromEntries(handlers) };
}
