// The bill of an analysis and its questions by stage.
import { type Cost } from '../../src/platform/embedded/process-cost.js';
import { rounded } from '../../src/model/metrics/statistics.js';
import { type Asked } from './questions.js';

/** CPU seconds. Who does what: ffprobe belongs to the api, ffmpeg of the worker to the scan, ffmpeg of the inference child to the windows. */
export function stages(analysis: Cost, questions: readonly Asked[]): Record<string, number> {
  return {
    probe: rounded(analysis.apiTools, 1),
    api: rounded(analysis.api, 1),
    scan_decode: rounded(analysis.workerTools, 1),
    worker: rounded(analysis.worker, 1),
    windows_decode: rounded(analysis.inferenceTools, 1),
    windows_model: rounded(analysis.inference, 1),
    questions: rounded(questions.reduce((sum, asked) => sum + asked.cpuSeconds, 0), 1),
  };
}
