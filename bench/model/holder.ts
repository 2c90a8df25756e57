// A process that holds a packed model and says what it took: started by `load.ts`, ends with its input.
import { readFileSync } from 'node:fs';
import { readCheckpoint } from '../../src/inference/checkpoint.js';
import { openModel } from '../../src/inference/model.js';

const [directory = '', packedFolder] = process.argv.slice(2);
const checkpoint = await readCheckpoint(directory);
const before = { wall: performance.now(), cpu: process.cpuUsage() };
const model = await openModel(checkpoint, { threads: 1, packedFolder });
const wall = (performance.now() - before.wall) / 1e3;
const { user, system } = process.cpuUsage(before.cpu);
const ids = Int32Array.from({ length: 8 }, (_, k) => k + 100);
await model.decoder.prefill({ ids, positionIds: Int32Array.from([...ids, ...ids, ...ids]), vision: [], nextPosition: 8 });
await model.tower.encode(new Float32Array(16 * 1176), [1, 4, 4]);
const held = readFileSync('/proc/self/smaps_rollup', 'utf8');
const bytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(held)?.[1]) * 1024;
const memory = { resident: bytes('Rss'), private: bytes('Private_Clean') + bytes('Private_Dirty'), proportional: bytes('Pss') };
process.stdout.write(`${JSON.stringify({ wall, cpu: (user + system) / 1e6, memory })}\n`);
process.stdin.resume().on('end', () => process.exit(0));
