// Tests of whose turn it is.
import { expect, it } from 'vitest';
import { Seats } from './seats.js';

/** Work that ends when it is told to. */
function work(): { run: () => Promise<void>; end: () => void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { run: () => ended, end };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('seats as many at once as there are seats, urgent ones first, and goes on after a failure', async () => {
  const seats = new Seats(['left', 'right']);
  const order: string[] = [];
  const [a, b] = [work(), work()];
  const running = [seats.take(() => (order.push('a'), a.run())), seats.take(() => (order.push('b'), b.run()))];
  const waiting = [
    seats.take(() => (order.push('c'), Promise.reject(new Error('no')))),
    seats.take(() => (order.push('d'), Promise.resolve()), { urgent: true }),
    seats.take(() => (order.push('e'), Promise.resolve()), { urgent: true }),
  ];
  await settled();
  expect(order).toEqual(['a', 'b']);
  a.end();
  await expect(waiting[0]).rejects.toThrow('no');
  b.end();
  await Promise.all([...running, waiting[1], waiting[2]]);
  expect(order).toEqual(['a', 'b', 'd', 'e', 'c']);
});

it('gives a seat that is preferred where it is free, else any', async () => {
  const seats = new Seats(['left', 'right']);
  const name = (seat: string): Promise<string> => Promise.resolve(seat);
  const right = { prefers: (seat: string) => seat === 'right' };
  expect(await seats.take(name, right)).toBe('right');
  const busy = work();
  const taken = seats.take(() => busy.run(), right);
  expect(await seats.take(name, right)).toBe('left');
  busy.end();
  await taken;
});

it('gives a request that is not urgent a turn now and then, however many urgent ones come', async () => {
  const seats = new Seats([undefined]);
  const order: string[] = [];
  const ask = (name: string, urgent: boolean): Promise<void> => seats.take(() => (order.push(name), settled()), { urgent });
  const urgent = async (left: number): Promise<void> => (left > 0 ? ask('urgent', true).then(() => urgent(left - 1)) : undefined);
  await Promise.all([urgent(30), urgent(30), ask('window', false), ask('window', false)]);
  expect(order.filter((name) => name === 'urgent')).toHaveLength(60);
  const windows = order.flatMap((name, k) => (name === 'window' ? [k] : []));
  expect(windows).toHaveLength(2);
  expect(windows[0]).toBeGreaterThan(10);
  expect(windows[1]).toBeLessThan(60);
});
