// Packed weights: the runtime multiplies what we packed, the files that are mapped say what the graph said, and nobody mistakes them for fp32.
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/inference/checkpoint.js';
import { loadEngine } from '../../src/inference/engine.js';
import { openModel } from '../../src/inference/model.js';
import { openSession } from '../../src/inference/onnx-session.js';
import { packModel, sealPacked } from '../../src/inference/packed/pack-model.js';
import { writePackedFile } from '../../src/inference/packed/packed-file.js';
import { packedFolder } from '../../src/inference/packed/packed-folder.js';
import { VisionTower } from '../../src/inference/vision-tower.js';
import { OnnxGraph } from '../../src/model/onnx/graph.js';
import { type PackedLinear, packedProduct } from '../../src/model/qwen2-5-vl/packed-linear.js';
import { type Grid } from '../../src/model/qwen2-5-vl/patches.js';
import { seededRandom } from '../../src/model/qwen2-5-vl/seeded-random.js';
import { buildVisionGraph } from '../../src/model/qwen2-5-vl/vision-graph.js';
import { blocksOf, quantizeBlocks, valuesOfBlocks } from '../../src/model/quantization/block-quantization.js';
import { quantizeColumns, valuesOfColumns } from '../../src/model/quantization/column-quantization.js';
import { MODEL } from '../medium/bundled-model.js';

const words = (count: number, factor: number) => {
  const ids = Int32Array.from({ length: count }, (_, k) => (k * factor + 3) % 700);
  const row = [...ids.keys()];
  return { ids, positionIds: Int32Array.from([...row, ...row, ...row]), vision: [], nextPosition: count };
};

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'packed '));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('a product with packed weights', () => {
  const [OUTPUTS, INPUTS, ROWS] = [48, 192, 5];
  const random = seededRandom(11);
  const values = Float32Array.from({ length: OUTPUTS * INPUTS }, () => random() - 0.5);
  // Whole numbers up to 127 in every row and block lose nothing when they become bytes: what is left is the product itself.
  const rows = Float32Array.from({ length: ROWS * INPUTS }, (_, k) => (k % 32 === 5 ? 127 : Math.round(random() * 254 - 127)));

  const packings: { name: string; pack: () => { parts: ArrayBufferView[]; packed: (at: readonly number[]) => PackedLinear; stand: Float32Array } }[] = [
    ...([4, 8] as const).map((bits) => ({
      name: `of blocks of ${bits} bits`,
      pack: () => {
        const form = { bits, blockSize: 32 };
        const { numbers, scales } = quantizeBlocks(values, INPUTS, form);
        const shape = [OUTPUTS, blocksOf(INPUTS, form), (32 * bits) / 8];
        const packed = ([numbersAt = 0, scalesAt = 0]: readonly number[]): PackedLinear => ({
          ...{ kind: 'blocks' as const, ...form, inputs: INPUTS, outputs: OUTPUTS },
          numbers: { location: 'w', offset: numbersAt, byteLength: numbers.byteLength, type: 'uint8', shape },
          scales: { location: 'w', offset: scalesAt, byteLength: scales.byteLength, type: 'float32', shape: [scales.length] },
        });
        return { parts: [numbers, scales], packed, stand: valuesOfBlocks({ numbers, scales }, INPUTS, form) };
      },
    })),
    {
      name: 'of columns',
      pack: () => {
        const { numbers, scales } = quantizeColumns(values, INPUTS, 63);
        const packed = ([numbersAt = 0, scalesAt = 0]: readonly number[]): PackedLinear => ({
          kind: 'columns',
          numbers: { location: 'w', offset: numbersAt, byteLength: numbers.byteLength, type: 'int8', shape: [INPUTS, OUTPUTS] },
          scales: { location: 'w', offset: scalesAt, byteLength: scales.byteLength, type: 'float32', shape: [OUTPUTS] },
        });
        return { parts: [numbers, scales], packed, stand: valuesOfColumns({ numbers, scales }, INPUTS) };
      },
    },
  ];

  it.each(packings)('$name is the product with the values that they stand for', async ({ pack }) => {
    const { parts, packed, stand } = pack();
    const folder = await mkdtemp(join(scratch, 'product-'));
    const [first, second] = parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
    await writeFile(join(folder, 'w'), Buffer.concat([first!, new Uint8Array(64 - (first!.length % 64)), second!]));
    const graph = new OnnxGraph('product');
    const product = packedProduct(graph, packed([0, first!.length + 64 - (first!.length % 64)]), graph.input('rows', 'float32', ['S', INPUTS]));
    graph.node('Identity', [product], { outputs: ['product'] });
    graph.output('product', 'float32', ['S', OUTPUTS]);
    const session = await openSession(graph.toBytes(), { provider: 'cpu', threads: 1, weightsFolder: folder });
    const { product: got } = await session.run({ rows: new ort.Tensor('float32', rows, [ROWS, INPUTS]) });
    for (let row = 0; row < ROWS; row++) {
      for (let output = 0; output < OUTPUTS; output++) {
        let expected = 0;
        for (let k = 0; k < INPUTS; k++) expected += rows[row * INPUTS + k]! * stand[output * INPUTS + k]!;
        expect(Math.abs((got!.data as Float32Array)[row * OUTPUTS + output]! - expected)).toBeLessThan(2e-3); // of sums around 500
      }
    }
    await session.release();
  });
});

describe.each(['int8', 'int4'] as const)('a checkpoint packed into %s', (scheme) => {
  it('sees and says the same from its mapped files as from its graph, and nearly what the checkpoint does', async () => {
    const checkpoint = await readCheckpoint(MODEL);
    const [mapped, direct] = [join(scratch, `mapped-${scheme}`), join(scratch, `direct-${scheme}`)];
    await packModel(checkpoint, scheme, mapped);
    await mkdir(direct);
    const { weights, packed } = await writePackedFile(checkpoint, scheme, join(direct, 'numbers'));
    const session = await openSession(buildVisionGraph(checkpoint.config, weights, { packed }), { provider: 'cpu', threads: 1, weightsFolder: direct });
    const [exact, model] = [await openModel(checkpoint, { threads: 1 }), await openModel(checkpoint, { threads: 1, packedFolder: mapped })];

    const grid: Grid = [2, 8, 8];
    const random = seededRandom(5);
    const patches = Float32Array.from({ length: 128 * 1176 }, () => random() * 2 - 1);
    const features = await model.tower.encode(patches, grid);
    expect(features).toEqual(await new VisionTower(session, checkpoint.config.vision).encode(patches, grid));
    expect(distance(features, await exact.tower.encode(patches, grid))).toBeLessThan(0.03);

    const logits = [await model.decoder.prefill(words(300, 7)), await model.decoder.step(9)];
    const expected = [await exact.decoder.prefill(words(300, 7)), await exact.decoder.step(9)];
    for (const [k, each] of logits.entries()) expect(distance(each, expected[k]!)).toBeLessThan(scheme === 'int8' ? 0.15 : 0.6);
    for (const each of [exact, model]) await each.close();
    await session.release();
  });
});

it('runs only what is whole, under another name and hash than the checkpoint itself', async () => {
  const root = join(scratch, 'weights');
  const checkpoint = await readCheckpoint(MODEL);
  const { card, ...exact } = await loadEngine(MODEL, { threads: 1 });
  await exact.close();
  const load = () => loadEngine(MODEL, { threads: 1, weights: 'int8', packedRoot: root });
  await expect(load()).rejects.toMatchObject({ code: 'checkpoint.not_packed', message: expect.stringContaining('model quantize') as string });

  const folder = packedFolder({ root, modelHash: card.hash, scheme: 'int8' });
  await packModel(checkpoint, 'int8', join(root, 'work'));
  await sealPacked(join(root, 'work'), folder, { scheme: 'int8', name: card.name, directory: MODEL, figures: {} });
  const packed = await load();
  await packed.close();
  expect(packed.card).toMatchObject({ name: `${card.name} int8`, limitation: card.limitation });
  expect(packed.card.hash).not.toBe(card.hash);

  const data = await open(join(folder, 'language.onnx.data'), 'r+');
  await data.truncate(100);
  await data.close();
  await expect(load()).rejects.toMatchObject({ code: 'checkpoint.not_packed' });
});

/** Root mean square of the differences over that of the expected numbers. */
function distance(actual: Float32Array, expected: Float32Array): number {
  const square = (values: Float32Array): number => values.reduce((sum, value) => sum + value ** 2, 0);
  return Math.sqrt(square(actual.map((value, k) => value - expected[k]!)) / square(expected));
}
