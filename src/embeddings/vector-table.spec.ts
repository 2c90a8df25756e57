// The nearest of many vectors, against a comparison one by one.
import { describe, expect, it } from 'vitest';
import { Dice } from '../world/dice.js';
import { newId } from '../platform/database/id.js';
import { type VectorFacts, VectorTable } from './vector-table.js';

const facts = (more: Partial<VectorFacts> = {}): VectorFacts => ({ id: newId(), video: newId(), startTime: 0, endTime: 5, type: 'event', source: 'model', confidence: 0.5, ...more });

function randomUnit(sides: number, dice: Dice): Float32Array {
  const values = Float32Array.from({ length: sides }, () => dice.unit() + dice.unit() + dice.unit() - 1.5);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

const product = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

describe('a table of vectors', () => {
  it.each([1, 3, 16, 100, 384, 4100])('of %i sides names the nearest, with their cosine', async (sides) => {
    const dice = new Dice(sides, 1);
    const table = new VectorTable(sides);
    const rows = Array.from({ length: 1500 }, () => ({ ...facts(), vector: randomUnit(sides, dice) }));
    for (const { vector, ...row } of rows) table.add(row, vector);
    const query = randomUnit(sides, dice);
    const expected = rows.map(({ id, vector }) => ({ id, score: product(vector, query) })).sort((a, b) => b.score - a.score);
    const exact = new Map(expected.map(({ id, score }) => [id, score]));
    const found = await table.nearest(query, 20);
    expect(found).toHaveLength(20);
    for (const [k, { id, score }] of found.entries()) {
      expect(Math.abs(score - exact.get(id)!)).toBeLessThan(0.005);
      expect(exact.get(id)!).toBeGreaterThan(expected[k]!.score - 0.01); // those that rounding may have let change places
    }
  });

  it.each([16, 1024, 4096])('of %i sides does not overflow where all of them are the largest', async (sides) => {
    const table = new VectorTable(sides);
    const same = new Float32Array(sides).fill(1 / Math.sqrt(sides));
    const row = facts();
    table.add(row, same);
    expect(await table.nearest(same, 1)).toEqual([{ id: row.id, score: expect.closeTo(1, 2) as number }]);
  });

  it.each([1, 5000])('takes with room for %i vectors the bytes that were told beforehand', (count) => {
    const table = new VectorTable(100);
    table.reserve(count);
    for (let k = 0; k < count; k++) table.add(facts(), new Float32Array(100));
    expect(table.bytes).toBe(VectorTable.bytesOf(count, 100));
  });

  it('goes over more rows than fit into one slice, and grows as it is asked', async () => {
    const table = new VectorTable(4);
    const [one, other] = [Float32Array.of(1, 0, 0, 0), Float32Array.of(0, 1, 0, 0)];
    const asking: Promise<unknown>[] = [];
    for (let k = 0; k < 70_000; k++) {
      table.add(facts({ id: `00000000-0000-7000-8000-${String(k).padStart(12, '0')}` }), k === 33_000 || k === 69_999 ? one : other);
      if (k % 20_000 === 0) asking.push(table.nearest(one, 5));
    }
    expect((await table.nearest(one, 5)).map(({ id }) => Number(id.slice(-12)))).toEqual([33_000, 69_999]);
    await Promise.all(asking);
    expect(table.bytes).toBeGreaterThanOrEqual(VectorTable.bytesOf(70_000, 4));
  });

  it('lets through what passes every filter, and leaves edges to the database', async () => {
    const table = new VectorTable(2);
    const [video, other] = [newId(), newId()];
    const all = [
      facts({ video, startTime: 0, endTime: 10, type: 'speech', source: 'track', confidence: null }),
      facts({ video: other, startTime: 10, endTime: 20.1, confidence: 0.9 }),
      facts({ video: other, startTime: 30, endTime: 40, confidence: 0.2 }),
    ];
    for (const row of all) table.add(row, Float32Array.of(1, 0));
    const places = async (filter: Parameters<VectorTable['nearest']>[2]) => (await table.nearest(Float32Array.of(1, 0), 9, filter)).map(({ id }) => all.findIndex((row) => row.id === id));
    expect(await places({})).toEqual([0, 1, 2]);
    expect(await places({ types: ['speech', 'unheard of'] })).toEqual([0]);
    expect(await places({ sources: ['model'] })).toEqual([1, 2]);
    expect(await places({ videos: [other, newId()] })).toEqual([1, 2]);
    expect(await places({ minConfidence: 0.2 })).toEqual([1, 2]);
    expect(await places({ startTime: 20.1 })).toEqual([1, 2]); // 20.1 as 32 bits is not told from 20.1
    expect(await places({ endTime: 30, types: ['event'] })).toEqual([1, 2]);
    expect(await places({ endTime: 29 })).toEqual([0, 1]);
  });

  it('finds nothing alike in zeros and in what is opposite', async () => {
    const table = new VectorTable(3);
    table.add(facts(), Float32Array.of(0, 0, 0));
    table.add(facts(), Float32Array.of(-1, 0, 0));
    expect(await table.nearest(Float32Array.of(1, 0, 0), 5)).toEqual([]);
    expect(await table.nearest(Float32Array.of(0, 0, 0), 5)).toEqual([]);
  });
});
