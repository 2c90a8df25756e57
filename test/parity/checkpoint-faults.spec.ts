// A broken checkpoint is refused when it is loaded, with a code and the names of the file and the tensor.
import { cp, mkdtemp, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/app-error.js';
import { loadEngine } from '../../src/inference/engine.js';
import { loadModel } from '../../src/inference/model.js';

const TINY_B = join(import.meta.dirname, 'golden', 'tiny_b');
const [FIRST, SECOND] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'checkpoint '));
  await cp(TINY_B, directory, { recursive: true });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** Rewrites the header of a shard, leaving the data as it is. */
async function rewriteHeader(file: string, change: (header: Record<string, Entry>) => void): Promise<void> {
  const path = join(directory, file);
  const bytes = await readFile(path);
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<string, Entry>;
  change(header);
  const json = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  await writeFile(path, Buffer.concat([size, json, bytes.subarray(8 + length)]));
}

async function rewriteJson(file: string, change: (json: Record<string, unknown>) => void): Promise<void> {
  const json = JSON.parse(await readFile(join(directory, file), 'utf8')) as Record<string, unknown>;
  change(json);
  await writeFile(join(directory, file), JSON.stringify(json));
}

/** The last tensor of a shard, and one before it. */
async function someTensors(file: string): Promise<[name: string, earlier: string]> {
  const names: string[] = [];
  await rewriteHeader(file, (header) => {
    const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
    names.push(...entries.sort(([, a], [, b]) => b.data_offsets[0] - a.data_offsets[0]).map(([name]) => name));
  });
  return [names[0]!, names[1]!];
}

async function refusal(load: Promise<unknown> = loadModel(directory)): Promise<Pick<AppError, 'code' | 'message' | 'details'>> {
  const error: unknown = await load.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

describe('a checkpoint is refused when', () => {
  it('a shard is missing', async () => {
    await rm(join(directory, SECOND));
    const { code, details, message } = await refusal();
    expect(code).toBe('checkpoint.file_missing');
    expect(details).toMatchObject({ file: SECOND, tensor: expect.any(String) as string });
    expect(message).toContain(SECOND);
  });

  it('a file is cut', async () => {
    const [last] = await someTensors(SECOND);
    const { length } = await readFile(join(directory, SECOND));
    await truncate(join(directory, SECOND), length - 10);
    expect(await refusal()).toMatchObject({ code: 'checkpoint.offset_out_of_file', details: { file: SECOND, tensor: last } });
  });

  it('a file is cut within its header', async () => {
    await truncate(join(directory, FIRST), 100);
    expect(await refusal()).toMatchObject({ code: 'checkpoint.header_too_long', details: { file: FIRST } });
    await truncate(join(directory, FIRST), 3);
    expect(await refusal()).toMatchObject({ code: 'checkpoint.file_cut', details: { file: FIRST } });
  });

  it('a header claims to be longer than the file', async () => {
    const bytes = await readFile(join(directory, FIRST));
    bytes.writeBigUInt64LE(2n ** 63n);
    await writeFile(join(directory, FIRST), bytes);
    expect(await refusal()).toMatchObject({ code: 'checkpoint.header_too_long', details: { file: FIRST } });
  });

  it('two tensors overlap', async () => {
    const [last, earlier] = await someTensors(SECOND);
    await rewriteHeader(SECOND, (header) => {
      const [start, end] = header[last]!.data_offsets;
      header[last]!.data_offsets = [start - 2, end - 2];
    });
    const { code, details, message } = await refusal();
    expect(code).toBe('checkpoint.offsets_overlap');
    expect(details).toEqual({ file: SECOND, tensor: last });
    expect(message).toContain(earlier);
  });

  it('a tensor has another shape than config.json asks for', async () => {
    await rewriteHeader(FIRST, (header) => {
      const entry = Object.values(header).find(({ shape }) => shape?.length === 2 && shape[0] !== shape[1]);
      entry!.shape.reverse();
    });
    const { code, details } = await refusal();
    expect(code).toBe('checkpoint.shape_mismatch');
    expect(details).toMatchObject({ file: FIRST, tensor: expect.any(String) as string });
  });

  it('a tensor takes another number of bytes than its shape says', async () => {
    const [last] = await someTensors(SECOND);
    await rewriteHeader(SECOND, (header) => header[last]!.shape.push(2));
    expect(await refusal()).toMatchObject({ code: 'checkpoint.size_mismatch', details: { file: SECOND, tensor: last } });
  });

  it('a shard lacks a tensor that the index places in it', async () => {
    const [last] = await someTensors(SECOND);
    await rewriteHeader(SECOND, (header) => delete header[last]);
    expect(await refusal()).toMatchObject({ code: 'checkpoint.tensor_missing', details: { file: SECOND, tensor: last } });
  });

  it('no shard holds a tensor of the model', async () => {
    const [last] = await someTensors(SECOND);
    await rewriteHeader(SECOND, (header) => delete header[last]);
    await rewriteJson('model.safetensors.index.json', ({ weight_map: map }) => delete (map as Record<string, string>)[last]);
    const { code, message } = await refusal();
    expect(code).toBe('checkpoint.tensor_missing');
    expect(message).toContain(last.replace('model.language_model.', 'model.').replace('model.visual.', 'visual.'));
  });

  it('it is of an unknown type', async () => {
    await rewriteJson('config.json', (config) => (config['model_type'] = 'qwen2_vl'));
    const { code, details, message } = await refusal();
    expect(code).toBe('checkpoint.config_invalid');
    expect(details).toMatchObject({ file: 'config.json', key: 'model_type' });
    expect(message).toContain('qwen2_vl');
  });

  it('a number of its configuration is missing', async () => {
    await rewriteJson('config.json', ({ vision_config: vision }) => delete (vision as Record<string, unknown>)['tokens_per_second']);
    expect(await refusal()).toMatchObject({ code: 'checkpoint.config_invalid', details: { key: 'vision_config.tokens_per_second' } });
  });

  it('it has no tokenizer', async () => {
    expect(await refusal(loadEngine(directory))).toMatchObject({ code: 'checkpoint.file_missing', details: { file: 'tokenizer.json' } });
    await writeFile(join(directory, 'tokenizer.json'), '{}');
    expect(await refusal(loadEngine(directory))).toMatchObject({ code: 'checkpoint.tokenizer_invalid', details: { file: 'tokenizer.json' } });
  });

  it('there is no such folder', async () => {
    expect(await refusal(loadModel(join(directory, 'elsewhere')))).toMatchObject({ code: 'checkpoint.directory_missing' });
  });
});

it('a checkpoint made of links into another folder, as download caches are, is loaded where it lies', async () => {
  const blobs = await mkdtemp(join(tmpdir(), 'blobs '));
  for (const [shard, blob] of [[FIRST, 'a1'], [SECOND, 'nested-b2']] as const) {
    await rename(join(directory, shard), join(blobs, blob));
    await symlink(join(blobs, blob), join(directory, shard));
  }
  const model = await loadModel(directory, { threads: 1 });
  await model.close();
  await rm(blobs, { recursive: true, force: true });
});
