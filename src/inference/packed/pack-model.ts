// Packs a checkpoint for this machine: its two graphs, with weights laid out as the runtime multiplies them, in files that it maps.
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alignExternalData, type Move } from '../../model/onnx/aligned-data.js';
import { buildLanguageGraph } from '../../model/qwen2-5-vl/language-graph.js';
import { type PackingScheme } from '../../model/qwen2-5-vl/packing.js';
import { buildVisionGraph } from '../../model/qwen2-5-vl/vision-graph.js';
import { type Checkpoint } from '../checkpoint.js';
import { saveSession } from '../onnx-session.js';
import { GRAPHS, MANIFEST, type PackedManifest } from './packed-folder.js';
import { writePackedFile } from './packed-file.js';

const NUMBERS = 'numbers.bin';
/** The runtime maps what begins on a page. */
const PAGE_BYTES = 4096;
const COPY_BYTES = 2 ** 22;

/** Packs into `folder`, which must not be there yet. It counts as packed only once `sealPacked` has been called. */
export async function packModel(checkpoint: Checkpoint, scheme: PackingScheme, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { weights, packed } = await writePackedFile(checkpoint, scheme, join(folder, NUMBERS));
  const { config } = checkpoint;
  await saveAligned(buildVisionGraph(config, weights, { packed }), folder, GRAPHS.vision);
  await saveAligned(buildLanguageGraph(config, weights, { packed, inPlace: true }), folder, GRAPHS.language);
  await rm(join(folder, NUMBERS));
}

/**
 * The runtime writes one weight right behind the other, but its packed ones hold numbers at multiples of 32 bytes of memory: mapped from
 * any other place they are read wrongly, without a word.
 */
async function saveAligned(model: Uint8Array, folder: string, name: string): Promise<void> {
  const graph = join(folder, name);
  const data = await saveSession(model, folder, name);
  const { model: aligned, moves } = alignExternalData(await readFile(graph), PAGE_BYTES);
  const moved = `${data}.moved`;
  await copyStretches(data, moved, moves);
  await rename(moved, data);
  await writeFile(graph, aligned);
}

async function copyStretches(source: string, target: string, moves: readonly Move[]): Promise<void> {
  const [from, to] = [await open(source), await open(target, 'wx')];
  const buffer = new Uint8Array(COPY_BYTES);
  try {
    for (const move of moves) {
      for (let done = 0; done < move.length; ) {
        const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, move.length - done), move.from + done);
        if (bytesRead === 0) throw new Error(`${source} is shorter than its graph says`);
        await to.write(buffer, 0, bytesRead, move.to + done);
        done += bytesRead;
      }
    }
  } finally {
    await from.close();
    await to.close();
  }
}

/** Writes down what was packed and found, and moves it to its place; what was there before is replaced. */
export async function sealPacked(folder: string, target: string, facts: Omit<PackedManifest, 'files'>): Promise<PackedManifest> {
  const files: Record<string, number> = {};
  for (const name of await readdir(folder)) files[name] = (await stat(join(folder, name))).size;
  const manifest = { ...facts, files };
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
  await rm(target, { recursive: true, force: true });
  await rename(folder, target);
  return manifest;
}
