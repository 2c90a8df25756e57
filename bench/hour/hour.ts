// `npm run bench -- hour`: an hour with known events through the whole product, every figure of it in one run.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { table } from '../../src/cli/table.js';
import { decode } from '../decode/decode.js';
import { copyWithOtherHash, mediaTools, repeat, runFfmpeg } from '../harness/ffmpeg.js';
import { type Product, withFolder, withProduct } from '../harness/product.js';
import { untilIdle } from '../harness/quiet.js';
import { randomOf } from '../../src/world/first/random.js';
import { type Figures, print, tell } from '../harness/report.js';
import { mean, median, quantile, rounded, share } from '../../src/model/metrics/statistics.js';
import { analyseUnderKills } from '../kills/kills.js';
import { absentQuestions } from '../../src/world/first/questions.js';
import { renderScene } from '../../src/evaluation/simple-world/render.js';
import { type Scene, truthOf } from '../../src/world/first/scene.js';
import { hourScene } from './hour-scene.js';
import { UNEVEN } from './uneven.js';
import { analyseUpload, type Analysis, since } from './analysis.js';
import { peakOver } from './memory.js';
import { askAbsent, type Asked, askOne, askPresent } from './questions.js';
import { rejectionCurve } from '../../src/model/metrics/rejection.js';
import { type SinglePass, singlePass } from './single-pass.js';
import { stages } from './stages.js';

export interface HourOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Length of the long video whose peak memory is compared with that of ten minutes. */
  readonly longHours: number;
  readonly killSeconds: number;
  /** Pictures at uneven times, from 1.4 s on. */
  readonly uneven: boolean;
  /** Most present and most absent questions, every one by default. */
  readonly questions: number;
  /** Pictures of the single pass. */
  readonly singlePassFrames: number;
  /** Parts to leave out. */
  readonly skip: readonly string[];
  /** Keeps the videos here, and takes those that are there. */
  readonly folder?: string | undefined;
}

const LEAST_ABSENT = 60; // questions

interface Hour {
  readonly scene: Scene;
  readonly file: string;
  readonly folder: string;
  readonly options: HourOptions;
}

export async function hour(options: HourOptions): Promise<Figures> {
  return withFolder(options.folder, async (folder) => {
    const scene = hourScene(options);
    const started = performance.now();
    const file = await rendered(scene, folder, options);
    tell(`${options.minutes} minutes rendered in ${since(started).toFixed(0)} s: ${file}`);
    const made: Hour = { scene, file, folder, options };
    const figures = await withProduct((product) => measure(product, made));
    const memory = options.skip.includes('memory') ? {} : await memoryFigures(made);
    const decoding = options.skip.includes('decode') ? {} : await decode({ minutes: 2, rounds: 3, folder });
    return { ...figures, ...memory, ...decoding };
  });
}

/** The video and its truth in `folder`, made unless they are there. */
export async function rendered(scene: Scene, folder: string, { seed, minutes, uneven }: Pick<HourOptions, 'seed' | 'minutes' | 'uneven'>): Promise<string> {
  const file = join(folder, `hour-${seed}-${minutes}min${uneven ? '-uneven' : ''}.mp4`);
  if (!(await exists(file))) await renderScene(mediaTools(), scene, { file, ...(uneven && { timing: UNEVEN }) });
  return file;
}

const exists = async (file: string): Promise<boolean> => stat(file).then(() => true, () => false);

async function measure(product: Product, made: Hour): Promise<Figures> {
  const { scene, file, options } = made;
  const events = truthOf(scene);
  const cold = await coldQuestion(product, made);
  tell(`cold question: ${cold.seconds.toFixed(1)} s, ${cold.cpuSeconds.toFixed(1)} CPU s`);
  const analysis = await analyseUpload(product, file);
  tell(`first segment after ${analysis.firstSegmentSeconds.toFixed(1)} s, ready after ${analysis.analysisSeconds.toFixed(0)} s`);
  for (const { code, message } of analysis.task.warnings) tell(`warning: ${code}: ${message}`);
  const asking = events.slice(0, options.questions);
  const present = await askPresent(product, analysis.video.id, asking);
  const absent = absentQuestions(randomOf(options.seed), scene, Math.max(LEAST_ABSENT, events.length)).slice(0, options.questions);
  const answered = await askAbsent(product, analysis.video.id, absent.map(({ query }) => query));
  printRejections(absent.map(({ differs }, k) => ({ differs, asked: answered[k]! })));
  const one = options.skip.includes('single-pass') ? undefined : await singlePass(file, asking, options.singlePassFrames);
  return {
    minutes: options.minutes,
    seed: options.seed,
    events: events.length,
    questions: present.length,
    ...groundingFigures(present, one),
    ...rejectionFigures(present, answered),
    ...analysisFigures(analysis),
    ...warmFigures(cold, [...present, ...answered]),
    cpu_seconds_by_stage: stages(analysis.cost, [...present, ...answered]),
    ...(options.skip.includes('kills') ? {} : await killFigures(product, made, analysis)),
  };
}

/** The first question about a video that was scanned and never looked at. */
async function coldQuestion(product: Product, { scene, file, folder }: Hour): Promise<Asked> {
  const copy = join(folder, 'cold.mp4');
  await copyWithOtherHash(file, copy, 'cold');
  const video = await product.api.upload(copy);
  await untilIdle();
  const [event] = truthOf(scene);
  const asked = await askOne(product, video.id, event?.query ?? '');
  await product.api.delete(video.id);
  return asked;
}

/** Below this a single pass found nothing that chance would not; the ratio is a lower bound then. */
const LEAST_SINGLE_PASS = 0.001;

function groundingFigures(present: readonly Asked[], single: SinglePass | undefined): Figures {
  const miou = mean(present.map((asked) => asked.iou));
  const figures = { miou: rounded(miou), r1_05: rounded(share(present, (asked) => asked.iou >= 0.5)) };
  if (!single) return figures;
  const singleMiou = mean(single.ious);
  return {
    ...figures,
    single_pass_frames: single.frames,
    single_pass_miou: rounded(singleMiou, 4),
    single_pass_readable: rounded(single.readable),
    miou_ratio: rounded(miou / Math.max(singleMiou, LEAST_SINGLE_PASS), 1),
  };
}

function rejectionFigures(present: readonly Asked[], absent: readonly Asked[]): Figures {
  return {
    absent_questions: absent.length,
    absent_rejected: rounded(share(absent, (asked) => !asked.found)),
    present_lost: rounded(share(present, (asked) => !asked.found)),
    rejection_curve: rejectionCurve(present.map((asked) => asked.confidence), absent.map((asked) => asked.confidence)),
  };
}

const analysisFigures = ({ firstSegmentSeconds, analysisSeconds, task }: Analysis): Figures => ({
  first_segment_seconds: rounded(firstSegmentSeconds, 2),
  analysis_seconds: rounded(analysisSeconds, 1),
  windows: task.windows.total,
  warnings: task.warnings.length,
});

function warmFigures(cold: Asked, warm: readonly Asked[]): Figures {
  const warmCpu = median(warm.map((asked) => asked.cpuSeconds));
  return {
    cold_question_cpu_seconds: rounded(cold.cpuSeconds, 2),
    warm_question_cpu_seconds: rounded(warmCpu, 3),
    warm_cold_cpu_ratio: rounded(cold.cpuSeconds / warmCpu, 1),
    question_p50_seconds: rounded(median(warm.map((asked) => asked.seconds))),
    question_p95_seconds: rounded(quantile(warm.map((asked) => asked.seconds), 0.95)),
  };
}

async function killFigures(product: Product, { file, folder, options }: Hour, quiet: Analysis): Promise<Figures> {
  const copy = join(folder, 'killed.mp4');
  await copyWithOtherHash(file, copy, 'killed');
  const everySeconds = options.killSeconds;
  const disturbed = await analyseUnderKills(product, { file: copy, quietVideoId: quiet.video.id, everySeconds });
  return {
    kill_every_seconds: everySeconds,
    kills: disturbed.kills,
    kill_result_equal: disturbed.resultEqual,
    kill_windows_repeated: disturbed.windowsRepeated,
    kill_chunks_repeated: disturbed.chunksRepeated,
  };
}

async function memoryFigures({ file, folder, scene, options }: Hour): Promise<Figures> {
  const [short, long] = [join(folder, 'short.mp4'), join(folder, 'long.mp4')];
  const minutes = Math.min(10, options.minutes);
  await runFfmpeg('-i', file, '-t', String(minutes * 60), '-c', 'copy', short);
  await repeat(file, Math.ceil((options.longHours * 60) / options.minutes), long);
  const query = truthOf(scene)[0]?.query ?? '';
  const [shortPeak, longPeak] = [await peakOver(short, query), await peakOver(long, query)];
  const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
  return {
    short_minutes: minutes,
    long_hours: options.longHours,
    short_peak_megabytes: megabytes(shortPeak.bytes),
    long_peak_megabytes: megabytes(longPeak.bytes),
    memory_ratio: rounded(longPeak.bytes / shortPeak.bytes),
    long_analysis_seconds: rounded(longPeak.analysisSeconds, 1),
  };
}

function printRejections(asked: readonly { readonly differs: string; readonly asked: Asked }[]): void {
  const kinds = [...new Set(asked.map(({ differs }) => differs))];
  const rows = kinds.map((kind) => {
    const these = asked.filter(({ differs }) => differs === kind);
    return [kind, these.length, share(these, (one) => !one.asked.found).toFixed(2)];
  });
  print(table(['absent by', 'asked', 'rejected'], rows));
}
