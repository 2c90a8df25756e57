// Entry point of the inference child: holds the model, answers one request at a time, and leaves when its parent does.
import { AppError } from '../app-error.js';
import { log } from '../platform/log/log.js';
import { Media } from '../platform/media/index.js';
import { AnswerForms } from './answer-forms.js';
import { ChatAnswerer } from './chat-answerer.js';
import { type Engine, loadEngine } from './engine.js';
import { FeatureCache } from './feature-cache.js';
import { FEATURE_RECORD } from './feature-record.js';
import { type WindowProgress } from './inference.js';
import { type FromChild, type InferenceSettings, type ToChild, toWire, type Value } from './protocol.js';
import { SeenWindows } from './seen-windows.js';
import { WindowAnswerer } from './window-answerer.js';

const settings = JSON.parse(process.argv[2] ?? '{}') as InferenceSettings;
process.title = 'secondsight inference';

interface Loaded {
  readonly engine: Engine;
  readonly windows: WindowAnswerer;
  readonly chats: ChatAnswerer;
}

let ready: Loaded | undefined;
let underWay: { readonly id: number; readonly abort: AbortController } | undefined;

/** Loads at first need; a checkpoint that was refused is tried anew each time, as somebody may be mending it. */
async function loaded(): Promise<Loaded> {
  if (ready) return ready;
  const { modelDirectory, provider, deviceId, threads, absoluteTime, media, prefixBytes } = settings;
  const features = new FeatureCache({ form: FEATURE_RECORD, folder: settings.featureFolder, maxBytes: settings.featureBytes, onFault: tellFeatureFault });
  const engine = await loadEngine(modelDirectory, { provider, deviceId, threads, absoluteTime });
  const seen = new SeenWindows(engine, new Media(media), { features, prefixBytes });
  const forms = new AnswerForms(engine.tokenizer);
  ready = { engine, windows: new WindowAnswerer(engine, seen, forms), chats: new ChatAnswerer(engine, seen, forms) };
  return ready;
}

function tellFeatureFault(error: unknown): void {
  log.warn({ err: error, folder: settings.featureFolder }, 'what was seen of windows cannot be kept on disk; it is worked out anew each time');
}

async function perform(message: Exclude<ToChild, { type: 'abort' }>, signal: AbortSignal): Promise<Value> {
  const { engine, windows, chats } = await loaded();
  if (message.type === 'model') return engine.card;
  signal.throwIfAborted();
  const { id } = message;
  const options = { signal, onProgress: (progress: WindowProgress) => reply({ type: 'progress', id, progress }) };
  if (message.type === 'run') return windows.run(message.request, options);
  return chats.run(message.request, { ...options, onPiece: (piece) => reply({ type: 'piece', id, piece }) });
}

async function serve(message: Exclude<ToChild, { type: 'abort' }>): Promise<void> {
  const { id } = message;
  const abort = new AbortController();
  underWay = { id, abort };
  try {
    reply({ type: 'result', id, value: await perform(message, abort.signal) });
  } catch (error) {
    reply({ type: 'error', id, error: toWire(error) });
  } finally {
    underWay = undefined;
  }
}

function reply(message: FromChild): void {
  // Without a callback, a parent that is gone would throw here before its end is heard of.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

function stop(code: string): void {
  underWay?.abort.abort(new AppError(`inference.${code}`, `The request was ${code}.`));
}

process.on('message', (message: ToChild) => {
  if (message.type !== 'abort') void serve(message);
  else if (underWay?.id === message.id) stop('aborted');
});

// The parent decides when this process ends, also when a terminal or a service manager signals the whole group.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => {
  stop('abandoned'); // ends the video decoder, which is a process of its own
  setImmediate(() => process.exit(0));
});
