// `secondsight model quantize` keeps nothing that answers worse than the checkpoint itself.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { parseHeader } from '../../src/model/safetensors/header.js';
import { MODEL } from './bundled-model.js';

let folder: string;
let err = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quantize '));
  err = '';
  vi.stubEnv('DATA_DIR', join(folder, 'data'));
  vi.stubEnv('INFERENCE_THREADS', '1');
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (err += String(text)) !== '');
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/**
 * One value of each 32 that flow into attention is made 1,024 times smaller, and what it is multiplied with as much larger: the answers are
 * the same, but next to such weights nothing is left of the others.
 */
async function makeSpiky(path: string): Promise<void> {
  const bytes = await readFile(path);
  for (const [name, { start, end, shape }] of parseHeader(bytes).tensors) {
    const isNorm = name.endsWith('.input_layernorm.weight');
    if (!isNorm && !/\.self_attn\.[qkv]_proj\.weight$/.test(name)) continue;
    const [width = 0] = shape.slice(-1);
    const count = shape.reduce((product, side) => product * side, 1);
    for (let k = 5; k < count; k += 32) {
      if (width % 32 !== 0) throw new Error(`${name} is ${width} wide`);
      const at = start + ((end - start) / count) * (k + 1) - 2; // the exponent lies in the last two bytes of float32 and of bfloat16
      bytes.writeUInt16LE(bytes.readUInt16LE(at) + ((isNorm ? -10 : 10) << 7), at);
    }
  }
  await writeFile(path, bytes);
}

it('refuses weights that whole numbers spoil, says by how much, and leaves no file', async () => {
  const checkpoint = join(folder, 'spiky');
  await cp(MODEL, checkpoint, { recursive: true });
  await makeSpiky(join(checkpoint, 'model.safetensors'));
  expect(await main(['model', 'quantize', checkpoint, '--scheme', 'int8'])).toBe(1);
  expect(err).toMatch(/weights\.worse: .*[1-9]\d*\.\d % of the tokens change/);
  expect(await readdir(join(folder, 'data/weights'))).toEqual([]);
});

it.each([[['--scheme', 'int3']], [[]]])('packs into int8 or int4 alone: %j', async (options) => {
  expect(await main(['model', 'quantize', MODEL, ...options])).toBe(2);
  expect(err).toContain('--scheme');
});
