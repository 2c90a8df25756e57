// The whole model against the stored numbers of the reference, and what must hold however a prompt is fed to it.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/inference/checkpoint.js';
import { Decoder } from '../../src/inference/decoder.js';
import { EmbeddingTable } from '../../src/inference/embedding-table.js';
import { loadModel, type Model } from '../../src/inference/model.js';
import { openSession } from '../../src/inference/onnx-session.js';
import { encodePicture, measurePictureFile, pictureSize } from '../../src/inference/pictures.js';
import { loadTokenizer } from '../../src/inference/text-tokenizer.js';
import { decoderPrompt, type DecoderPrompt } from '../../src/model/qwen2-5-vl/decoder-prompt.js';
import { buildLanguageGraph, LOGITS } from '../../src/model/qwen2-5-vl/language-graph.js';
import { multimodalPositions } from '../../src/model/qwen2-5-vl/mrope.js';
import { widenPads } from '../../src/model/qwen2-5-vl/pad-tokens.js';
import { type Grid, PATCH_LENGTH, tokensOf } from '../../src/model/qwen2-5-vl/patches.js';
import { expandPlaceholders, renderChat } from '../../src/model/qwen2-5-vl/prompt.js';
import { IMAGE_PIXELS } from '../../src/model/qwen2-5-vl/smart-resize.js';
import { weightOf } from '../../src/model/qwen2-5-vl/weights.js';
import { parseHeader } from '../../src/model/safetensors/header.js';
import { widen } from '../../src/model/safetensors/widen.js';
import { runVectorSuite } from '../../src/parity/suite.js';
import { tinyModelSuites } from '../../src/parity/tiny-models.js';
import { TensorFile } from '../../src/parity/vectors.js';
import { tokenizer } from '../../src/parity/tokenizer.js';
import { MODEL } from '../medium/bundled-model.js';

const GOLDEN = join(import.meta.dirname, 'golden');
const TINY = join(GOLDEN, 'tiny_a');

describe('every tiny model', async () => {
  it.each(await tinyModelSuites(GOLDEN))('$file agrees within its tolerance', async (suite) => {
    const report = await runVectorSuite(suite, GOLDEN);
    expect(report?.failures).toEqual([]);
    expect(report?.cases).toBeGreaterThan(30);
  });
});

describe.runIf(process.env['GOLDEN_DIR'])('the vectors of GOLDEN_DIR', async () => {
  const directory = process.env['GOLDEN_DIR'] ?? '';
  it.each(directory ? [tokenizer, ...(await tinyModelSuites(directory))] : [])('$file agrees within its tolerance', async (suite) => {
    const report = await runVectorSuite(suite, directory);
    expect(report?.failures).toEqual([]);
  });
});

describe('the tokenizer', () => {
  it('streams an answer token by token into the text that decoding it at once gives, whatever its bytes', async () => {
    const own = await loadTokenizer(MODEL);
    for (const text of ['The given query happens in 2.5 - 7.0 seconds.', 'naïve — 東京 🎬 «à»', '[\n{"start_time": "00:02.50"}\n]']) {
      const ids = own.encode(text);
      const textOf = own.stream();
      expect(ids.map((id) => textOf(id)).join('')).toBe(text);
      expect(own.decode(ids)).toBe(text);
    }
  });
});

describe('placeholders', () => {
  it('are widened on ids as they are on text, pictures and videos in the order of the prompt', async () => {
    const own = await loadTokenizer(MODEL);
    const { config } = await readCheckpoint(MODEL);
    const [video, large, small]: Grid[] = [[3, 4, 6], [1, 4, 4], [1, 2, 4]];
    const content = [{ type: 'image' }, { type: 'video' }, { type: 'text', text: 'and' }, { type: 'image' }] as const;
    const rendered = renderChat([{ role: 'user', content }]);
    const { ids, starts } = widenPads(own.encode(rendered), config, [large!, video!, small!]);
    expect([...ids]).toEqual(own.encode(expandPlaceholders(rendered, { images: [large!, small!], videos: [video!] })));
    expect(starts.map((start) => [ids[start - 1], ids[start]])).toEqual([config.imageTokenId, config.videoTokenId, config.imageTokenId].map((pad) => [config.visionStartTokenId, pad]));
    expect(() => widenPads(own.encode(rendered), config, [large!, video!])).toThrow(expect.objectContaining({ code: 'prompt.grid_mismatch' }));
  });
});

describe('the engine', () => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(TINY, { threads: 1, trace: true });
  });
  afterAll(() => model.close());

  /** Numbers without a pattern, the same every time. */
  const noise = (length: number, seed: number): Float32Array => {
    let state = seed;
    return Float32Array.from({ length }, () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647 - 0.5);
  };
  const words = (count: number, seed: number): number[] => [...noise(count, seed)].map((value) => Math.floor((value + 0.5) * 290));

  /** Some text, a video of random features, a question. */
  const aboutVideo = (grid: Grid, features: Float32Array, question: readonly number[]): DecoderPrompt => {
    const { config } = model.checkpoint;
    const before = [...words(5, 7), config.visionStartTokenId];
    const ids = [...before, ...Array<number>(tokensOf(grid)).fill(config.videoTokenId), config.visionEndTokenId, ...question];
    const positions = multimodalPositions({ inputIds: [ids], videoGrids: [grid], secondPerGrids: [1.1], tokens: config, tokensPerSecond: 2 });
    return decoderPrompt(Int32Array.from(ids), positions, [{ start: before.length, rows: tokensOf(grid), features }]);
  };
  const close = (actual: Float32Array, expected: Float32Array, tolerance: number): void => {
    expect(actual.length).toBe(expected.length);
    expect(actual.reduce((worst, value, k) => Math.max(worst, Math.abs(value - expected[k]!)), 0)).toBeLessThan(tolerance);
  };
  it('sees a picture in a file as the reference saw its pixels', async () => {
    const name = 'image_many_windows';
    const { shape, data } = (await TensorFile.read(TINY, 'inputs.safetensors')).bytes(`${name}.image0.frames`);
    const [, height = 0, width = 0] = shape;
    const folder = await mkdtemp(join(tmpdir(), 'picture-'));
    const file = join(folder, 'picture');
    await sharp(data, { raw: { width, height, channels: 3 } }).png().toFile(file);
    const original = await measurePictureFile(file);
    const size = pictureSize(original, {}, IMAGE_PIXELS);
    expect([original, size]).toEqual([{ width, height }, { width, height }]);
    const expected = (await TensorFile.read(TINY, 'expected.safetensors')).floats(`${name}.image_features`);
    close(await encodePicture(model.tower, file, original, size), expected.data, 2e-4);
    await rm(folder, { recursive: true });
  });

  const grid: Grid = [30, 6, 8]; // 360 tokens: more than one chunk
  const features = noise(360 * 64, 3);

  it('encodes a video in slices as it encodes it whole', async () => {
    const [t, h, w]: Grid = [3, 18, 10];
    const patches = noise(t * h * w * PATCH_LENGTH, 1);
    const whole = await model.tower.encode(patches, [t, h, w]);
    const slices: number[] = [];
    for (const [from, to] of [[0, 2], [2, 3]] as const) {
      slices.push(...(await model.tower.encode(patches.subarray(from * h * w * PATCH_LENGTH, to * h * w * PATCH_LENGTH), [to - from, h, w])));
    }
    close(Float32Array.from(slices), whole, 1e-4);
  });

  it('prefills in chunks what it computes in one piece', async () => {
    const prompt = aboutVideo(grid, features, words(20, 5));
    const all = (await model.decoder.trace(prompt, [])).get(LOGITS)!;
    const last = all.subarray(-model.checkpoint.config.text.vocabSize);
    await model.decoder.prefill(aboutVideo(grid, noise(360 * 64, 4), words(9, 6))); // another video: nothing may be left of the trace
    close(await model.decoder.prefill(prompt), last, 1e-4);
  });

  it('answers a question to the last bit alike, whatever was asked about the video before', async () => {
    const seen = noise(360 * 64, 12);
    const [first, second] = [aboutVideo(grid, seen, words(20, 5)), aboutVideo(grid, seen, words(12, 8))];
    const answer = async (prompt: DecoderPrompt): Promise<{ chunks: number; logits: Float32Array[] }> => {
      let chunks = 0;
      const logits = [await model.decoder.prefill(prompt, { onChunk: () => void chunks++ })];
      for (const id of words(4, 9)) logits.push(await model.decoder.step(id));
      return { chunks, logits };
    };
    const fresh = await answer(second);
    await answer(first);
    const again = await answer(second);
    expect(fresh.chunks).toBe(3);
    expect(again.chunks).toBe(1); // only the question
    expect(again.logits).toEqual(fresh.logits);
  });

  it('takes up a prefill that was stopped between chunks', async () => {
    const prompt = aboutVideo(grid, noise(360 * 64, 11), words(20, 5));
    const stopAt = (row: number) => (done: number) => {
      if (done === row) throw new Error('stopped');
    };
    await expect(model.decoder.prefill(prompt, { onChunk: stopAt(256) })).rejects.toThrow('stopped');
    const resumed = await model.decoder.prefill(prompt, { onChunk: stopAt(0) });
    close(resumed, (await model.decoder.trace(prompt, [])).get(LOGITS)!.subarray(-resumed.length), 1e-4);
  });

  it('computes the same with a cache that the graph cannot share', async () => {
    const { config, weights, weightsFolder } = await readCheckpoint(TINY);
    const session = await openSession(buildLanguageGraph(config, weights, { inPlace: false }), { provider: 'cpu', weightsFolder });
    const embeddings = new EmbeddingTable(weightOf(weights, 'model.embed_tokens.weight'), weightsFolder);
    const apart = new Decoder(session, config.text, embeddings, false);
    const prompt = aboutVideo(grid, features, words(20, 5));
    close(await apart.prefill(prompt), await model.decoder.prefill(prompt), 1e-4);
    for (const id of words(3, 9)) close(await apart.step(id), await model.decoder.step(id), 1e-4);
    embeddings.close();
    await session.release();
  });
});

describe('weights stored as float16', () => {
  it('give what the same numbers give as float32', async () => {
    const ids = Int32Array.from([195, 115, 9, 202, 4, 185]);
    const prompt = { ids, positionIds: Int32Array.from([...ids.keys(), ...ids.keys(), ...ids.keys()]), vision: [], nextPosition: ids.length };
    const logits: Float32Array[] = [];
    for (const dtype of ['F16', 'F32'] as const) {
      const directory = await mkdtemp(join(tmpdir(), 'checkpoint-'));
      await cp(join(TINY, 'config.json'), join(directory, 'config.json'));
      await writeFile(join(directory, 'model.safetensors'), roundedToHalf(await readFile(join(TINY, 'model.safetensors')), dtype));
      const model = await loadModel(directory, { threads: 1 });
      logits.push(await model.decoder.prefill(prompt));
      await model.close();
      await rm(directory, { recursive: true });
    }
    expect(logits[0]).toEqual(logits[1]);
  });
});

/** A float32 file with every number rounded to half precision, stored as either type. */
function roundedToHalf(file: Buffer, dtype: 'F16' | 'F32'): Buffer {
  const size = dtype === 'F16' ? 2 : 4;
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, tensor] of parseHeader(file).tensors) {
    const halves = Uint16Array.from(new Float32Array(new Uint8Array(file.subarray(tensor.start, tensor.end)).buffer), toHalf);
    const rounded = new Float32Array(halves.length);
    widen(new Uint8Array(halves.buffer), 'float16', rounded);
    parts.push(new Uint8Array(dtype === 'F16' ? halves.buffer : rounded.buffer));
    header[name] = { dtype, shape: tensor.shape, data_offsets: [end, (end += halves.length * size)] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...parts]);
}

/** Half precision of a number of ordinary size; smaller ones become 0. */
function toHalf(value: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  if (exponent < -14) return 0;
  return (value < 0 ? 0x8000 : 0) + ((exponent + 15) << 10) + Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024);
}
