// `npm run bench -- prefill` and `-- decode-tokens`: the decoder in the shapes of 3B, packed, beside llama.cpp and transformers.
import { existsSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type DecoderPrompt } from '../../src/model/qwen2-5-vl/decoder-prompt.js';
import { type Model } from '../../src/inference/model.js';
import { seededRandom } from '../../src/model/qwen2-5-vl/seeded-random.js';
import { median, rounded } from '../../src/model/metrics/statistics.js';
import { PROJECT_ROOT } from '../../src/platform/config/config.js';
import { timed } from '../harness/processor-seconds.js';
import { type Figures, tell } from '../harness/report.js';
import { installPeers, type Peers } from '../peers/install.js';
import { compete, type Contestant, Peer, printRounds, ratioOf, type Rounds } from './contestants.js';
import { openAs } from './packed.js';
import { shapedCheckpoint } from './shapes.js';
import { type ModelBenchOptions } from './vision.js';

export interface DecoderBenchOptions extends ModelBenchOptions {
  readonly tokens: number;
}

const LAYERS = { visionLayers: 1, textLayers: 2 };
const QUESTION_TOKENS = 40;
const STEPS = 16;
const HIDDEN = 2048;

export async function prefill(options: DecoderBenchOptions): Promise<Figures> {
  const { tokens, rounds } = options;
  return withField(options, async ({ int8, int4, q8, q4, transformers }) => {
    let serial = 0;
    const first = async (model: Model): Promise<number> => timed(() => model.decoder.prefill(promptOf(tokens, serial++)));
    const seconds = await compete(
      {
        int8: () => first(int8),
        int4: () => first(int4),
        llama_q8: () => q8.task({ task: 'prefill', tokens }),
        llama_q4: () => q4.task({ task: 'prefill', tokens }),
        transformers: () => transformers.task({ task: 'prefill', tokens }),
      },
      rounds,
    );
    printRounds(`${LAYERS.textLayers} layers, prompts of ${tokens} tokens`, seconds);
    return { ...against('prefill', seconds, 'transformers'), prefix_kept_work: rounded(await secondQuestion(int4, tokens), 4) };
  });
}

export async function decodeTokens(options: DecoderBenchOptions): Promise<Figures> {
  const { tokens, rounds } = options;
  return withField(options, async ({ int8, int4, q8, q4, transformers }) => {
    for (const model of [int8, int4]) await model.decoder.prefill(promptOf(tokens, 0), { room: (rounds + 1) * STEPS });
    for (const peer of [q8, q4, transformers]) await peer.task({ task: 'prefill', tokens });
    const steps = (model: Model): Contestant => () =>
      timed(async () => {
        for (let k = 0; k < STEPS; k++) await model.decoder.step(1000 + k);
      });
    const peerSteps = (peer: Peer): Contestant => () => peer.task({ task: 'decode', tokens: STEPS });
    const seconds = await compete({ int8: steps(int8), int4: steps(int4), llama_q8: peerSteps(q8), llama_q4: peerSteps(q4), transformers: peerSteps(transformers) }, rounds);
    printRounds(`${LAYERS.textLayers} layers, ${STEPS} tokens behind ${tokens}`, seconds);
    const rate = (name: string): number => rounded(STEPS / median(seconds[name]!), 1);
    return { ...against('decode', seconds, 'transformers'), decode_int4_tokens_a_second: rate('int4'), decode_llama_q4_tokens_a_second: rate('llama_q4') };
  });
}

function against(what: string, seconds: Rounds, torch: string): Figures {
  const ratio = (ours: string, peer: string) => ratioOf(seconds, ours, peer);
  return {
    [`${what}_int4_against_llama_q4`]: ratio('int4', 'llama_q4').median,
    [`${what}_int8_against_llama_q8`]: ratio('int8', 'llama_q8').median,
    [`${what}_int4_against_transformers`]: ratio('int4', torch).median,
    [`${what}_int8_against_transformers`]: ratio('int8', torch).median,
    [`${what}_spread`]: { int4_against_llama_q4: ratio('int4', 'llama_q4'), int8_against_llama_q8: ratio('int8', 'llama_q8'), int4_against_transformers: ratio('int4', torch) },
  };
}

interface Field {
  readonly int8: Model;
  readonly int4: Model;
  readonly q8: Peer;
  readonly q4: Peer;
  readonly transformers: Peer;
}

async function withField(options: DecoderBenchOptions, work: (field: Field) => Promise<Figures>): Promise<Figures> {
  const { folder, threads } = options;
  const checkpoint = await shapedCheckpoint(folder, { ...LAYERS, content: 'random' });
  const peers = await installPeers();
  const llama = async (kind: 'q4_0' | 'q8_0'): Promise<Peer> =>
    new Peer(process.execPath, ['llama_peer.mjs', peers.llama, await ggufOf(peers, checkpoint, kind), String(threads)]).ready();
  const transformers = new Peer(peers.python, ['torch_peer.py', checkpoint, String(threads)]).ready();
  const field = { int8: await openAs(checkpoint, 'int8', threads), int4: await openAs(checkpoint, 'int4', threads), q8: await llama('q8_0'), q4: await llama('q4_0'), transformers: await transformers };
  try {
    return await work(field);
  } finally {
    await Promise.all(Object.values(field).map((each) => each.close()));
  }
}

async function ggufOf({ python, gguf }: Peers, checkpoint: string, kind: string): Promise<string> {
  const path = `${checkpoint}-${kind}.gguf`;
  if (existsSync(path)) return path;
  tell(`making ${path}`);
  const env = { ...process.env, PYTHONPATH: gguf };
  await promisify(execFile)(python, [`${PROJECT_ROOT}/bench/peers/gguf_of.py`, checkpoint, path, kind], { env });
  return path;
}

/** Words, a video that takes most of the prompt, and a question; another `serial` is another video. */
function promptOf(tokens: number, serial: number, features = videoFeatures(tokens, serial), question = 0): DecoderPrompt {
  const ids = Int32Array.from({ length: tokens }, (_, row) => (row >= tokens - QUESTION_TOKENS ? 500 + question : 900 + serial) + (row % 64));
  const rows = [...ids.keys()];
  const video = { start: WORDS_BEFORE, rows: tokens - QUESTION_TOKENS - WORDS_BEFORE, features };
  return { ids, positionIds: Int32Array.from([...rows, ...rows, ...rows]), vision: [video], nextPosition: tokens };
}

const WORDS_BEFORE = 15;

function videoFeatures(tokens: number, serial: number): Float32Array {
  const random = seededRandom(serial + 3);
  return Float32Array.from({ length: (tokens - QUESTION_TOKENS - WORDS_BEFORE) * HIDDEN }, () => random() - 0.5);
}

/** Work of another question about the same video, over that of the first. */
async function secondQuestion(model: Model, tokens: number): Promise<number> {
  const features = videoFeatures(tokens, 77);
  const first = await timed(() => model.decoder.prefill(promptOf(tokens, 77, features, 1)));
  return (await timed(() => model.decoder.prefill(promptOf(tokens, 77, features, 2)))) / first;
}
