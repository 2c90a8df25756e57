// `npm run bench -- load`: how long a packed model of the whole size of 3B takes to load, and what a second process on it takes for itself.
import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { median, rounded } from '../../src/model/metrics/statistics.js';
import { type Figures, tell } from '../harness/report.js';
import { packedFor } from './packed.js';
import { LAYERS_3B, shapedCheckpoint } from './shapes.js';
import { type ModelBenchOptions } from './vision.js';

interface Held {
  readonly wall: number; // seconds
  readonly cpu: number; // seconds
  readonly memory: { readonly resident: number; readonly private: number; readonly proportional: number }; // bytes
}

/** Of zeros: 7.5 GB of random numbers would take long to make and to pack; bench/README.md says what that leaves out. */
export async function load({ rounds, folder }: ModelBenchOptions): Promise<Figures> {
  const checkpoint = await shapedCheckpoint(folder, { ...LAYERS_3B, content: 'zeros' });
  const packed = await packedFor(checkpoint, 'int4');
  const seconds: Held[] = [];
  for (let round = 0; round <= rounds; round++) {
    const { told, end } = await holder(checkpoint, packed);
    await end();
    if (round > 0) seconds.push(told);
    tell(`load ${round}: ${told.wall.toFixed(2)} s, processor ${told.cpu.toFixed(2)} s`);
  }
  const first = await holder(checkpoint, packed);
  const second = await holder(checkpoint, packed);
  await Promise.all([first.end(), second.end()]);
  const files = await Promise.all((await readdir(packed)).map(async (name) => (await stat(join(packed, name))).size));
  const { memory } = second.told;
  return {
    packed_load_seconds: rounded(median(seconds.map(({ wall }) => wall)), 2),
    packed_load_cpu_seconds: rounded(median(seconds.map(({ cpu }) => cpu)), 2),
    packed_bytes_on_disk: files.reduce((sum, bytes) => sum + bytes, 0),
    second_worker_resident_bytes: memory.resident,
    second_worker_private_bytes: memory.private,
    second_worker_private_share: rounded(memory.private / memory.resident),
  };
}

async function holder(checkpoint: string, packed: string): Promise<{ told: Held; end: () => Promise<void> }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('holder.js', import.meta.url)), checkpoint, packed], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    const end = async (): Promise<void> => {
      child.stdin.end();
      await ended;
    };
    return { told: JSON.parse(line) as Held, end };
  }
  throw new Error('the process that holds the model ended without a word');
}
