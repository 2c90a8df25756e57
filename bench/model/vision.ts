// `npm run bench -- vision`: the vision tower in the shapes of 3B, fp32 and int8, beside transformers and the peak of the machine.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, readCheckpoint } from '../../src/inference/checkpoint.js';
import { openSession } from '../../src/inference/onnx-session.js';
import { type PackedFile, writePackedFile } from '../../src/inference/packed/packed-file.js';
import { VisionTower } from '../../src/inference/vision-tower.js';
import { type VisionConfig } from '../../src/model/qwen2-5-vl/config.js';
import { type Grid } from '../../src/model/qwen2-5-vl/patches.js';
import { seededRandom } from '../../src/model/qwen2-5-vl/seeded-random.js';
import { buildVisionGraph, tracedBlock, VISION_FEATURES } from '../../src/model/qwen2-5-vl/vision-graph.js';
import { median, rounded } from '../../src/model/metrics/statistics.js';
import { table } from '../../src/cli/table.js';
import { timed } from '../harness/processor-seconds.js';
import { type Figures, print } from '../harness/report.js';
import { installPeers } from '../peers/install.js';
import { compete, Peer, printRounds, ratioOf } from './contestants.js';
import { openAs } from './packed.js';
import { peak, PEAK_OPERATIONS } from './peak.js';
import { shapedCheckpoint } from './shapes.js';

export interface ModelBenchOptions {
  readonly rounds: number;
  readonly threads: number;
  /** Keeps the checkpoints here, and takes those that are there. */
  readonly folder: string;
}

const GRID: Grid = [1, 32, 32]; // as many patches as the engine encodes at once
/** One block in eight looks at whole frames, as in the true model. */
const LAYERS = { visionLayers: 8, textLayers: 1 };

export async function vision({ rounds, threads, folder }: ModelBenchOptions): Promise<Figures> {
  const checkpoint = await shapedCheckpoint(folder, { ...LAYERS, content: 'random' });
  const { python } = await installPeers();
  const peer = await new Peer(python, ['torch_peer.py', checkpoint, String(threads)]).ready();
  const [fp32, int8] = [await openAs(checkpoint, 'fp32', threads), await openAs(checkpoint, 'int8', threads)];
  const patches = randomPatches();
  const seconds = await compete(
    {
      peak: await peak(threads),
      fp32: () => timed(() => fp32.tower.encode(patches, GRID)),
      int8: () => timed(() => int8.tower.encode(patches, GRID)),
      transformers: () => peer.task({ task: 'vision', grid: GRID }),
    },
    rounds,
  );
  await Promise.all([peer.close(), fp32.close(), int8.close()]);
  printRounds(`${LAYERS.visionLayers} blocks, ${GRID.join(' x ')} patches, ${threads} thread(s)`, seconds);
  const operations = towerOperations(fp32.checkpoint.config.vision, GRID);
  const shares = seconds['fp32']!.map((took, k) => operations / took / (PEAK_OPERATIONS / seconds['peak']![k]!));
  return {
    peak_gflops: rounded(median(seconds['peak']!.map((took) => PEAK_OPERATIONS / took / 1e9)), 1),
    vision_fp32_share_of_peak: rounded(median(shares)),
    vision_fp32_against_transformers: ratioOf(seconds, 'fp32', 'transformers').median,
    vision_int8_against_fp32: ratioOf(seconds, 'int8', 'fp32').median,
    vision_spread: { fp32_against_transformers: ratioOf(seconds, 'fp32', 'transformers'), int8_against_fp32: ratioOf(seconds, 'int8', 'fp32') },
    ...(await errors(await readCheckpoint(checkpoint), patches, threads, folder)),
  };
}

/** Spec 6: products of matrices alone; a multiplication and an addition are two operations. */
function towerOperations({ depth, hiddenSize, intermediateSize, outHiddenSize, windowSize, patchSize, fullattBlockIndexes, ...vision }: VisionConfig, grid: Grid): number {
  const patches = grid[0] * grid[1] * grid[2];
  const layer = 2 * hiddenSize * (4 * hiddenSize + 3 * intermediateSize);
  const attention = (seen: number): number => 4 * seen * hiddenSize;
  const [group, window] = [grid[1] * grid[2], (windowSize / patchSize) ** 2];
  const seen = fullattBlockIndexes.length * attention(group) + (depth - fullattBlockIndexes.length) * attention(window);
  const embedding = 2 * vision.inChannels * vision.temporalPatchSize * patchSize ** 2 * hiddenSize;
  const merged = hiddenSize * vision.spatialMergeSize ** 2;
  const merger = (2 * merged * (merged + outHiddenSize)) / vision.spatialMergeSize ** 2;
  return patches * (depth * layer + seen + embedding + merger);
}

/** How far int8 is from fp32 after every block and at the end: root mean square of the differences over that of fp32's numbers. */
async function errors(checkpoint: Checkpoint, patches: Float32Array, threads: number, folder: string): Promise<Figures> {
  const names = [...Array.from({ length: LAYERS.visionLayers }, (_, block) => tracedBlock(block)), VISION_FEATURES];
  const scratch = await mkdtemp(join(folder, 'numbers-'));
  try {
    const { weights, packed } = await writePackedFile(checkpoint, 'int8', join(scratch, 'numbers.bin'));
    const exact = await traced(checkpoint, { weights: checkpoint.weights, packed: new Map() }, checkpoint.weightsFolder);
    const bytes = await traced(checkpoint, { weights, packed }, scratch);
    const found = names.map((name) => rounded(distance(bytes.get(name)!, exact.get(name)!), 4));
    print(`int8 against fp32, relative error behind each block\n${table(['behind', 'error'], names.map((name, k) => [name, found[k]!]))}`);
    return { vision_int8_error: found.at(-1), vision_int8_error_by_block: found.slice(0, -1) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }

  async function traced({ config }: Checkpoint, { weights, packed }: PackedFile, weightsFolder: string): Promise<Map<string, Float32Array>> {
    const session = await openSession(buildVisionGraph(config, weights, { packed, trace: true }), { provider: 'cpu', threads, weightsFolder });
    const results = await new VisionTower(session, config.vision).trace(patches, GRID, names);
    await session.release();
    return results;
  }
}

function randomPatches(): Float32Array {
  const random = seededRandom(2);
  return Float32Array.from({ length: GRID[0] * GRID[1] * GRID[2] * 1176 }, () => random() * 4 - 2);
}

function distance(actual: Float32Array, expected: Float32Array): number {
  let [difference, size] = [0, 0];
  for (let k = 0; k < expected.length; k++) {
    difference += (actual[k]! - expected[k]!) ** 2;
    size += expected[k]! ** 2;
  }
  return Math.sqrt(difference / size);
}
