// Tests of what tells a checkpoint from every other: its weights and the files that decide what it sees and says, and nothing else.
import { cp, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseHeader } from '../model/safetensors/header.js';
import { readCheckpointFiles } from './checkpoint.js';
import { describeModel } from './model-card.js';

const TINY = 'test/parity/golden/tiny_a';
const WEIGHTS = 'model.safetensors';

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'hash '));
});
afterEach(() => rm(scratch, { recursive: true }));

const hashOf = async (directory: string): Promise<string> => (await describeModel(await readCheckpointFiles(directory))).hash;

async function copyOf(name: string): Promise<string> {
  await cp(TINY, join(scratch, name), { recursive: true });
  return join(scratch, name);
}

async function flipByte(file: string, at: number): Promise<void> {
  const handle = await open(file, 'r+');
  const byte = new Uint8Array(1);
  await handle.read(byte, 0, 1, at);
  await handle.write(byte.map((value) => value ^ 1), 0, 1, at);
  await handle.close();
}

describe('the hash of a checkpoint', () => {
  it('is that of its copy elsewhere, whatever it calls itself there', async () => {
    const copy = await copyOf('copy');
    await writeFile(join(copy, 'secondsight.json'), JSON.stringify({ name: 'other' }));
    expect(await hashOf(copy)).toBe(await hashOf(TINY));
  });

  it('is another after a change of one bit of any weight, which is undone with it', async () => {
    const copy = await copyOf('copy');
    const file = join(copy, WEIGHTS);
    const tensors = [...parseHeader(await readFile(file)).tensors.values()];
    const hashes = new Set([await hashOf(copy)]);
    for (const { start, end } of tensors.slice(0, 10)) {
      const at = start + Math.floor((end - start) * 0.7);
      await flipByte(file, at);
      hashes.add(await hashOf(copy));
      await flipByte(file, at);
    }
    expect(hashes.size).toBe(11);
    expect(hashes).toContain(await hashOf(copy));
  });

  it.each(['config.json', 'generation_config.json'])('is another with another %s', async (name) => {
    const copy = await copyOf('copy');
    await writeFile(join(copy, name), `${await readFile(join(copy, name), 'utf8')}\n`);
    expect(await hashOf(copy)).not.toBe(await hashOf(TINY));
  });

  it('sees a change anywhere in a large file that spans an eighth of a tensor', async () => {
    const copy = await copyOf('large');
    const values = 20 * 1024 ** 2; // 80 MiB of zeros that take no room on the disk
    const header = Buffer.from(JSON.stringify({ a: { dtype: 'F32', shape: [values], data_offsets: [0, 4 * values] } }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const handle = await open(join(copy, WEIGHTS), 'w');
    const begin = header.length + 8;
    await handle.write(Buffer.concat([length, header]));
    await handle.truncate(begin + 4 * values);
    const hashes = new Set([await hashOf(copy)]);
    const eighth = values / 2; // bytes
    const behindPiece = Math.ceil((4 * values) / 7); // of eight pieces one would end here, and the next begin too far on
    for (const from of [0, 4096, 3 * eighth, behindPiece, 7 * eighth]) {
      await handle.write(new Uint8Array(eighth).fill(hashes.size), 0, eighth, begin + from);
      hashes.add(await hashOf(copy));
    }
    await flipByte(join(copy, WEIGHTS), begin + 4 * values - 1);
    hashes.add(await hashOf(copy));
    await handle.close();
    expect(hashes.size).toBe(7);
  });
});
