// The configuration: every variable with its meaning, its unit and its default, read once and refused as a whole.
import { existsSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AppError } from '../../app-error.js';
import '../words.js';
import { isAllowEntry } from '../http/address-guard.js';
import { deviceFault, deviceList, devicesOf, nameOfDevice, PROVIDERS } from './devices.js';
import { doc } from './doc.js';
import { listeningFault } from './listening.js';
import { objectStore, objectStoreFaults } from './object-store.js';
import { remoteModelFaults, serverList, TIMINGS } from './remote-model.js';

/** Injection token of the Config. */
export const CONFIG = Symbol('Config');

const positive = z.coerce.number().positive();
const count = z.coerce.number().int().positive();
const bytes = z.coerce.number().int().nonnegative();
const directory = z.string().min(1);

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
  METRICS_PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .meta(doc('Port on HOST at which the api also tells /metrics, without a key: for a scraper in a network that others do not reach.', { otherwise: '/metrics is told at PORT alone, to keys with the scope admin' })),
  AUTH: z
    .enum(['auto', 'required', 'off'])
    .default('auto')
    .meta(doc('Whether callers need a key: auto: unless HOST is of this machine alone; required: always; off: never, which only such a HOST allows.')),
  API_KEY_PEPPER: z
    .string()
    .min(32)
    .optional()
    .meta(doc('Secret under which keys are hashed, the same for every api process; another one, and no key opens any more.', { otherwise: 'made once and kept in DATA_DIR/api-key-pepper' })),
  API_KEY_ENV: z
    .string()
    .regex(/^[a-z]{1,16}$/, 'must be small letters')
    .default('live')
    .meta(doc('Second word of new keys, as in ss_live_…: tells those of one installation from those of another.')),
  DATA_DIR: directory.default('data').meta(doc('Folder for videos, or copies of them, and, where it is embedded, the database; the default lies below the project, or, of an installed package, below the working directory.')),
  ...objectStore,
  MODEL_DIR: directory
    .default('models/shapeworld-1')
    .meta(doc('Folder of a published Qwen2.5-VL checkpoint. The bundled one only knows a drawn world.')),
  WEIGHTS: z
    .enum(['fp32', 'int8', 'int4'])
    .default('fp32')
    .meta(doc("What the weights of the model are: fp32 are the checkpoint's own numbers; int8 and int4 are those that `secondsight model quantize` has packed for this machine, on cpu.")),
  WEIGHTS_DIR: directory
    .optional()
    .meta(doc('Folder of packed weights: processes of one machine that share it share their memory too.', { otherwise: 'DATA_DIR/weights' })),
  HF_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must look like https://huggingface.co' })
    .default('https://huggingface.co')
    .meta(doc('The hub that `secondsight model pull` fetches checkpoints from.')),
  HF_TOKEN: z.string().min(1).optional().meta(doc('Bearer token for HF_ENDPOINT.', { otherwise: 'only what is public can be fetched' })),
  UPLOAD_MAX_BYTES: count.default(20 * 1024 ** 3).meta(doc('Largest video accepted.', { unit: 'bytes' })),
  UPLOAD_EXPIRES_HOURS: positive.default(72).meta(doc('How long an upload in pieces is kept after its last sign of life.', { unit: 'hours' })),
  CUT_MAX_SECONDS: positive.default(7200).meta(doc('Longest that the clips of one cut may be together.', { unit: 'seconds' })),
  CUT_KEEP_HOURS: positive.default(168).meta(doc('How long a cut is kept with its files after it has ended.', { unit: 'hours' })),
  PROXIES: z
    .enum(['asked', 'arrival'])
    .default('asked')
    .meta(doc('When a copy is made of a video that not every browser plays: when the page asks for it, or as soon as the video is there.')),
  STORAGE_RESERVE_BYTES: bytes.default(512 * 1024 ** 2).meta(doc('Room on the disk of DATA_DIR that no new upload may take.', { unit: 'bytes' })),
  IMPORT_TIMEOUT_SECONDS: positive.default(6 * 3600).meta(doc('Longest that fetching one video by URL may take, pauses and new tries included.', { unit: 'seconds' })),
  WATCH_DIR: directory
    .optional()
    .meta(doc('Folder whose files are taken in as videos, once each, as soon as they have stopped growing; workers of role media look into it.', { otherwise: 'none is watched' })),
  WATCH_TENANT: z.string().min(1).default('default').meta(doc('Tenant that the videos of WATCH_DIR belong to.')),
  WATCH_SETTLE_SECONDS: positive.default(10).meta(doc('How long a file of WATCH_DIR must have stood still.', { unit: 'seconds' })),
  FFMPEG_PATH: z.string().min(1).optional().meta(doc('The ffmpeg to use.', { otherwise: 'ffmpeg on PATH, else the one from npm' })),
  FFPROBE_PATH: z.string().min(1).optional().meta(doc('The ffprobe to use.', { otherwise: 'ffprobe on PATH, else the one from npm' })),
  MEDIA_TIMEOUT_SECONDS: positive
    .default(7200)
    .meta(doc('Longest that one run of ffmpeg or ffprobe may take.', { unit: 'seconds' })),
  INFERENCE_PROVIDER: z
    .enum(PROVIDERS)
    .default('cpu')
    .meta(doc('What runs the model: cpu, cuda or webgpu. The worker refuses to start on one that is absent.')),
  INFERENCE_THREADS: count.optional().meta(doc('Threads of the model on cpu.', { otherwise: 'one per core' })),
  INFERENCE_DEVICES: deviceList
    .default('0')
    .meta(doc('Devices that run the model, with commas between them: one inference process each, on cpu too. A number, for INFERENCE_PROVIDER, or with a provider of its own, such as cuda:0,cuda:1.')),
  VLLM_URLS: serverList
    .optional()
    .meta(doc('vLLM servers that have the model, with commas between them, such as http://gpu-1:8000: workers ask them instead of loading MODEL_DIR (docs/inference.md).', { otherwise: 'the model runs here' })),
  VLLM_MODEL: z
    .string()
    .min(1)
    .optional()
    .meta(doc('Name that the servers of VLLM_URLS serve the model under.', { otherwise: 'the only one that they serve' })),
  VLLM_API_KEY: z.string().min(1).optional().meta(doc('Bearer token for VLLM_URLS.', { otherwise: 'none is sent' })),
  VLLM_TIMEOUT_SECONDS: positive.max(3600).default(300).meta(doc('How long a server of VLLM_URLS may take for one answer.', { unit: 'seconds' })),
  VLLM_CONCURRENCY: count.max(256).default(8).meta(doc('Requests that a worker has under way at one server of VLLM_URLS at a time.')),
  VLLM_TIMING: z
    .enum(TIMINGS)
    .default('video')
    .meta(doc('How a server is told when frames were seen. video: as the model was trained, by positions; a server that loses them is refused. marks: as text before each pair of frames, which any vLLM keeps; measure with `secondsight eval` before you believe its times.')),
  VLLM_CARD_DIR: directory
    .optional()
    .meta(doc('Folder with the secondsight.json and preprocessor_config.json of the model of VLLM_URLS, without its weights: its calibration and how large it wants its frames.', { otherwise: 'what is usual for Qwen2.5-VL, not calibrated' })),
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
    .meta(doc('What a worker does: media scans, model looks and answers, delivery tells others. A machine with a GPU may do model alone.')),
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
  CHAT_CONTEXT_TOKENS: count
    .default(32_768)
    .meta(doc('Tokens of a chat completion at most, those of pictures, videos and the answer included; what the checkpoint allows may be less.')),
  CHAT_TIMEOUT_SECONDS: positive.max(3600).default(600).meta(doc('How long somebody may wait for a chat completion.', { unit: 'seconds' })),
  CHAT_MEDIA_BYTES: count.default(1024 ** 3).meta(doc('Largest that the pictures and videos sent with one conversation may be together.', { unit: 'bytes' })),
  CHAT_KEEP_SECONDS: positive
    .max(36_000)
    .default(3600)
    .meta(doc('How long the answer of a chat completion, and what was sent with it, is kept.', { unit: 'seconds' })),
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
  VECTOR_MEMORY_BYTES: bytes
    .default(640 * 1024 ** 2)
    .meta(doc('Memory of an api process for the vectors of the tenants that search, a byte a side: where Postgres has no pgvector. A tenant that does not fit is searched slowly.', { unit: 'bytes' })),
  RETENTION_CONTENT_DAYS: positive
    .optional()
    .meta(doc('Age at which the bytes and pictures of a video are removed, while segments and answers stay; a tenant may have its own.', { unit: 'days', otherwise: 'never' })),
  RETENTION_VIDEO_DAYS: positive
    .optional()
    .meta(doc('Age at which a video is deleted with all that hangs on it; a tenant may have its own.', { unit: 'days', otherwise: 'never' })),
  RATE_LIMIT_PER_MINUTE: count.optional().meta(doc('Requests that a key may send, as many at once and over time.', { unit: 'requests a minute', otherwise: 'no limit' })),
  QUOTA_STORED_BYTES: count.optional().meta(doc('Most that the videos of a tenant may take.', { unit: 'bytes', otherwise: 'no limit' })),
  QUOTA_VIDEO_HOURS: positive.optional().meta(doc('Most that the videos of a tenant may last together.', { unit: 'hours', otherwise: 'no limit' })),
  QUOTA_CONCURRENT_TASKS: count.optional().meta(doc('Most analyses of a tenant that have not ended.', { otherwise: 'no limit' })),
  OVERLOAD_TASKS: count.default(10_000).meta(doc('Analyses that have not ended, of all tenants, beyond which no new one is taken.')),
  OVERLOAD_SCANS: count.default(10_000).meta(doc('Videos that are not scanned yet, of all tenants, beyond which no new one is taken.')),
  OVERLOAD_QUESTIONS: count.default(1000).meta(doc('Questions and conversations that wait for an answer, of all tenants, beyond which no new one is taken.')),
  OVERLOAD_SEARCHES: count.default(64).meta(doc('Searches that an api process answers at a time; one more is refused.')),
  OVERLOAD_FREE_BYTES: bytes.default(64 * 1024 ** 2).meta(doc('Room on the disk of DATA_DIR below which no new analysis is taken.', { unit: 'bytes' })),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((list) => list.split(',').map((origin) => origin.trim()).filter((origin) => origin !== ''))
    .pipe(z.array(z.string().refine((origin) => URL.canParse(origin) && new URL(origin).origin === origin, 'must be a list of origins such as https://app.example')))
    .meta(doc('Pages of other origins that may call the API with a key, with commas between them.', { otherwise: 'none may' })),
  WEBHOOK_KEY: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .meta(doc('Secret under which the signing secrets of webhooks are stored, the same for every process; another one, and they are to be rotated.', { otherwise: 'made once and kept in DATA_DIR/webhook-key' })),
  WEBHOOK_LOG_DAYS: positive.default(30).meta(doc('How long the log says what webhooks were told.', { unit: 'days' })),
  AUDIT_DAYS: positive.default(365).meta(doc('How long the audit says who changed what.', { unit: 'days' })),
  METRICS_HISTORY_DAYS: positive.default(7).meta(doc('How long the samples are kept that the charts of the page are drawn of.', { unit: 'days' })),
  OUTGOING_ALLOW: z
    .string()
    .default('')
    .transform((list) => list.split(',').map((entry) => entry.trim()).filter((entry) => entry !== ''))
    .pipe(z.array(z.string().refine(isAllowEntry, 'must be a list of host names, addresses and ranges such as 10.0.0.0/8')))
    .meta(doc('Private receivers that webhooks and fetches by URL may reach, with commas between them: host names, addresses, ranges such as 10.1.0.0/16.')),
  LEASE_SECONDS: positive
    .default(30)
    .meta(doc('How long a worker keeps a piece of work without a sign of life.', { unit: 'seconds' })),
  SWEEP_SECONDS: positive
    .default(15)
    .meta(doc('How often work that nobody does is looked for and rung for again.', { unit: 'seconds' })),
  SHUTDOWN_SECONDS: positive
    .default(25)
    .meta(doc('How long a process may finish what it has begun after SIGTERM.', { unit: 'seconds' })),
  SECONDSIGHT_SERVER: z
    .url({ protocol: /^https?$/, error: 'must look like https://host:8080' })
    .optional()
    .meta(doc('Address of the service that the commands use.', { otherwise: 'the one that runs on DATA_DIR, else one that is started for the time of the command' })),
  SECONDSIGHT_API_KEY: z.string().min(1).optional().meta(doc('Key that the commands send to the service they use.', { otherwise: 'none is sent' })),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must look like http://collector:4318' })
    .optional()
    .meta(doc('OpenTelemetry collector that is sent traces over HTTP (POST .../v1/traces).', { otherwise: 'none are sent; lines of the log carry trace_id all the same' })),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .regex(/^[\w-]+=[^,]+(,[\w-]+=[^,]+)*$/, 'must be a list of name=value with commas between them')
    .optional()
    .meta(doc('Headers of those requests, as name=value with commas between them.', { otherwise: 'none are sent' })),
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

/** Below a package that npm installed, the next installation would take the data away. */
const DATA_ROOT = PROJECT_ROOT.split(sep).includes('node_modules') ? '.' : PROJECT_ROOT;

/**
 * Reads the configuration from environment variables; an empty one counts as absent. Folders become absolute: a given one
 * from the working directory, a default from the project's root, data of an installed package never below it. Throws
 * `config.invalid` with every fault at once.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const result = configSchema.safeParse(given);
  if (result.success) {
    const folder = (name: 'DATA_DIR' | 'MODEL_DIR', root: string): string => resolve(given[name] ? '.' : root, result.data[name]);
    const { CLIP_DIR, WATCH_DIR, WEIGHTS_DIR } = result.data;
    const clip = CLIP_DIR === undefined ? {} : { CLIP_DIR: resolve(CLIP_DIR) };
    const watch = WATCH_DIR === undefined ? {} : { WATCH_DIR: resolve(WATCH_DIR) };
    const weights = WEIGHTS_DIR === undefined ? {} : { WEIGHTS_DIR: resolve(WEIGHTS_DIR) };
    const { VLLM_CARD_DIR } = result.data;
    const card = VLLM_CARD_DIR === undefined ? {} : { VLLM_CARD_DIR: resolve(VLLM_CARD_DIR) };
    const faults = [...faultsBetween(result.data), ...remoteModelFaults(new Set(Object.keys(given)), result.data)];
    if (faults.length > 0) throw invalid(faults);
    return { ...result.data, DATA_DIR: folder('DATA_DIR', DATA_ROOT), MODEL_DIR: folder('MODEL_DIR', PROJECT_ROOT), ...clip, ...watch, ...weights, ...card };
  }
  const faulty = new Set(result.error.issues.map(({ path }) => String(path[0])));
  const sound = configSchema.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !faulty.has(name))));
  throw invalid([...result.error.issues.map((issue) => faultOf(issue, given)), ...faultsBetween(sound, faulty), ...remoteModelFaults(new Set(Object.keys(given)), sound)]);
}

/** Of numbers the value is told as well; of texts it may be a secret. */
function faultOf({ path, message, ...issue }: z.core.$ZodIssue, given: NodeJS.ProcessEnv): string {
  const name = path.join('.');
  const isNumber = issue.code === 'invalid_type' && issue.expected === 'number';
  return `${name}: ${isNumber ? `${given[name]} is not a number` : message}`;
}

/** The database of a process that cannot do without one; throws `config.invalid`. */
export function requireDatabaseUrl(config: Config): string {
  if (config.DATABASE_URL === undefined) {
    throw invalid(['DATABASE_URL: is not set; `secondsight up` brings its own Postgres, a single process needs this variable']);
  }
  return config.DATABASE_URL;
}

/** What single variables cannot tell, each with the variables that it looks at. */
const BETWEEN: readonly { readonly of: readonly (keyof Config)[]; readonly faults: (config: Config) => readonly (string | undefined)[] }[] = [
  { of: ['WINDOW_SECONDS', 'WINDOW_OVERLAP_SECONDS'], faults: (config) => [overlapFault(config)] },
  { of: ['METRICS_PORT', 'PORT'], faults: ({ METRICS_PORT, PORT }) => [METRICS_PORT === PORT ? `METRICS_PORT: must be another one than PORT, ${PORT}` : undefined] },
  { of: ['WEIGHTS', 'INFERENCE_PROVIDER', 'INFERENCE_DEVICES'], faults: (config) => [weightsFault(config), deviceFault(config)] },
  { of: ['AUTH', 'HOST'], faults: (config) => [listeningFault(config)] },
  { of: Object.keys(objectStore) as (keyof Config)[], faults: objectStoreFaults },
];

/** Nothing is said of a variable beside one that is `faulty` itself. */
const faultsBetween = (config: Config, faulty: ReadonlySet<string> = new Set()): string[] =>
  BETWEEN.filter(({ of }) => !of.some((name) => faulty.has(name)))
    .flatMap(({ faults }) => faults(config))
    .filter((fault) => fault !== undefined);

function overlapFault({ WINDOW_SECONDS: length, WINDOW_OVERLAP_SECONDS: overlap }: Config): string | undefined {
  const isTooLong = length !== undefined && overlap !== undefined && overlap >= length;
  return isTooLong ? `WINDOW_OVERLAP_SECONDS: must be shorter than WINDOW_SECONDS, ${length}` : undefined;
}

function weightsFault(config: Config): string | undefined {
  const card = devicesOf(config).find(({ provider }) => provider !== 'cpu');
  return config.WEIGHTS !== 'fp32' && card ? `WEIGHTS: must be fp32 on ${nameOfDevice(card)}` : undefined;
}

function invalid(faults: readonly string[]): AppError {
  const list = faults.map((fault) => `  ${fault}`).join('\n');
  return new AppError('config.invalid', `The configuration is not valid (docs/configuration.md):\n${list}`, { details: { faults } });
}
