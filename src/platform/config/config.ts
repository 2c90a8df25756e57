// The configuration: every variable with its meaning, its unit and its default, read once and refused as a whole.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AppError } from '../../app-error.js';

/** Injection token of the Config. */
export const CONFIG = Symbol('Config');

const positive = z.coerce.number().positive();
const count = z.coerce.number().int().positive();
const bytes = z.coerce.number().int().nonnegative();
const directory = z.string().min(1);

/** What a reader of the documentation is told about a variable. */
type Doc = {
  readonly description: string;
  readonly unit?: string;
  /** Shown instead of the default where that is worked out at run time. */
  readonly otherwise?: string;
};

const doc = (description: string, more: Omit<Doc, 'description'> = {}): Doc => ({ description, ...more });

export const configSchema = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must look like postgres://user:password@host:5432/name' })
    .optional()
    .meta(doc('Postgres 15 or newer, which holds every state.', { otherwise: '`up` starts its own Postgres under DATA_DIR' })),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must look like redis://host:6379' })
    .optional()
    .meta(doc('Redis 6.2 or newer for the queue.', { otherwise: 'the queue lives in Postgres' })),
  HOST: z.string().min(1).default('127.0.0.1').meta(doc('Address the API listens on; 0.0.0.0 for every interface.')),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080).meta(doc('Port the API listens on.')),
  DATA_DIR: directory.default('data').meta(doc('Folder for videos and, where it is embedded, the database.')),
  MODEL_DIR: directory
    .default('models/shapeworld-0')
    .meta(doc('Folder of a published Qwen2.5-VL checkpoint. The bundled one only knows a synthetic world.')),
  UPLOAD_MAX_BYTES: count.default(20 * 1024 ** 3).meta(doc('Largest video accepted.', { unit: 'bytes' })),
  FFMPEG_PATH: z.string().min(1).optional().meta(doc('The ffmpeg to use.', { otherwise: 'ffmpeg on PATH, else the one from npm' })),
  FFPROBE_PATH: z.string().min(1).optional().meta(doc('The ffprobe to use.', { otherwise: 'ffprobe on PATH, else the one from npm' })),
  MEDIA_TIMEOUT_SECONDS: positive
    .default(7200)
    .meta(doc('Longest that one run of ffmpeg or ffprobe may take.', { unit: 'seconds' })),
  INFERENCE_PROVIDER: z
    .enum(['cpu', 'cuda', 'webgpu'])
    .default('cpu')
    .meta(doc('What runs the model: cpu, cuda or webgpu. The worker refuses to start on one that is absent.')),
  INFERENCE_THREADS: count.optional().meta(doc('Threads of the model on cpu.', { otherwise: 'one per core' })),
  INFERENCE_DEVICES: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'must be numbers with commas between them, such as 0,1')
    .default('0')
    .meta(doc('Graphics cards that run the model, with commas between them: one inference process each, on cpu too.')),
  FEATURE_CACHE_BYTES: bytes
    .default(4 * 1024 ** 3)
    .meta(doc('Room under DATA_DIR for what the model saw of windows, so that questions need no video decoded.', { unit: 'bytes' })),
  PREFIX_CACHE_BYTES: bytes
    .default(256 * 1024 ** 2)
    .meta(doc('Memory of an inference process for the windows it saw last, so that questions cost their own words alone.', { unit: 'bytes' })),
  WORKER_ROLES: z
    .string()
    .default('media,model,delivery')
    .transform((list) => list.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(['media', 'model', 'delivery'], { error: 'must be a list of media, model and delivery' })).min(1))
    .meta(doc('What a worker does: media scans, model looks and answers, delivery tells others (nothing needs it yet). A machine with a GPU may do model alone.')),
  WORKER_CONCURRENCY: count.default(1).meta(doc('Jobs of one kind that a worker does at a time.')),
  SCAN_CONCURRENCY: count
    .optional()
    .meta(doc('Chunks that a worker scans at a time, each with one thread.', { otherwise: 'one less than there are cores' })),
  WINDOW_SECONDS: positive.optional().meta(doc('Length of a window.', { unit: 'seconds', otherwise: "the model's recommendation" })),
  WINDOW_OVERLAP_SECONDS: z.coerce
    .number()
    .min(0)
    .optional()
    .meta(doc('What two windows share.', { unit: 'seconds', otherwise: "the model's recommendation" })),
  WINDOW_FPS: positive
    .max(60)
    .optional()
    .meta(doc('Frames sampled in a window.', { unit: 'frames per second', otherwise: "the model's recommendation" })),
  MOMENT_MAX_WINDOWS: count.default(2000).meta(doc('Windows that one question is put to at most; those that words and vectors name go first.')),
  MOMENT_STEPS: z
    .string()
    .default('retrieve,verify')
    .transform((list) => list.split(',').map((step) => step.trim()).filter((step) => step !== 'none'))
    .pipe(z.array(z.enum(['retrieve', 'verify'], { error: 'must be a list of retrieve and verify, or none' })))
    .meta(doc('What a question does besides grounding: retrieve looks for windows by words and vectors, verify asks each whether it occurs. Fewer, or none, are for evaluations.')),
  ABSOLUTE_TIME: z
    .enum(['on', 'off'])
    .default('on')
    .meta(doc('off: positions count groups of frames instead of seconds. For evaluations only: answers are wrong at every rate but one.')),
  EMBEDDINGS_URL: z
    .url({ protocol: /^https?$/, error: 'must look like http://host:port/v1' })
    .optional()
    .meta(doc('OpenAI-compatible address that gives vectors for texts (POST .../v1/embeddings), so that search finds what is meant.', { otherwise: 'CLIP_DIR, else words alone' })),
  EMBEDDINGS_MODEL: z.string().min(1).default('default').meta(doc('Model to ask EMBEDDINGS_URL for. Another one, and all vectors are made anew.')),
  EMBEDDINGS_API_KEY: z.string().min(1).optional().meta(doc('Bearer token for EMBEDDINGS_URL.', { otherwise: 'none is sent' })),
  CLIP_DIR: directory
    .optional()
    .meta(doc('Folder of a CLIP pair in ONNX layout, so that search finds pictures by meaning.', { otherwise: 'pictures are found by look' })),
  LEASE_SECONDS: positive
    .default(30)
    .meta(doc('How long a worker keeps a piece of work without a sign of life.', { unit: 'seconds' })),
  SWEEP_SECONDS: positive
    .default(15)
    .meta(doc('How often work that nobody does is looked for and rung for again.', { unit: 'seconds' })),
  SHUTDOWN_SECONDS: positive
    .default(25)
    .meta(doc('How long a process may finish what it has begun after SIGTERM.', { unit: 'seconds' })),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .meta(doc('Least important line that is logged: trace, debug, info, warn, error, fatal or silent.')),
  LOG_FORMAT: z
    .enum(['auto', 'json', 'text'])
    .default('auto')
    .meta(doc('json, text, or auto: text when a person watches, else json.')),
});

export type Config = Readonly<z.output<typeof configSchema>>;

const compiledRoot = fileURLToPath(new URL('../../../', import.meta.url)); // of the sources, or `dist` of what was built

/** The folder that holds package.json, wherever a command is run from. */
export const PROJECT_ROOT = existsSync(resolve(compiledRoot, 'package.json')) ? compiledRoot : resolve(compiledRoot, '..');

/**
 * Reads the configuration from environment variables; an empty one counts as absent. Folders become absolute: a given one
 * from the working directory, a default from the project's root. Throws `config.invalid` with every fault at once.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const result = configSchema.safeParse(given);
  if (result.success) {
    const folder = (name: 'DATA_DIR' | 'MODEL_DIR'): string => resolve(given[name] ? '.' : PROJECT_ROOT, result.data[name]);
    const { CLIP_DIR } = result.data;
    const clip = CLIP_DIR === undefined ? {} : { CLIP_DIR: resolve(CLIP_DIR) };
    return withinWindow({ ...result.data, DATA_DIR: folder('DATA_DIR'), MODEL_DIR: folder('MODEL_DIR'), ...clip });
  }
  throw invalid(result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
}

/** The database of a process that cannot do without one; throws `config.invalid`. */
export function requireDatabaseUrl(config: Config): string {
  if (config.DATABASE_URL === undefined) {
    throw invalid(['DATABASE_URL: is not set; `secondsight up` brings its own Postgres, a single process needs this variable']);
  }
  return config.DATABASE_URL;
}

function withinWindow(config: Config): Config {
  const { WINDOW_SECONDS: length, WINDOW_OVERLAP_SECONDS: overlap } = config;
  if (length !== undefined && overlap !== undefined && overlap >= length) {
    throw invalid([`WINDOW_OVERLAP_SECONDS: must be shorter than WINDOW_SECONDS, ${length}`]);
  }
  return config;
}

function invalid(faults: readonly string[]): AppError {
  const list = faults.map((fault) => `  ${fault}`).join('\n');
  return new AppError('config.invalid', `The configuration is not valid (docs/configuration.md):\n${list}`, { details: { faults } });
}
