// Tests of work on several things at a time.
import { expect, it } from 'vitest';
import { inOrder } from './in-order.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('does no more than so many at a time, and tells what came of them in their order', async () => {
  const ends = new Map<number, () => void>();
  const work = (item: number): Promise<string> => new Promise((resolve) => ends.set(item, () => resolve(`${item}!`)));
  const all = inOrder([1, 2, 3], 2, work);
  await settled();
  expect([...ends.keys()]).toEqual([1, 2]);
  ends.get(2)?.();
  await settled();
  expect([...ends.keys()]).toEqual([1, 2, 3]);
  ends.get(3)?.();
  ends.get(1)?.();
  expect(await all).toEqual(['1!', '2!', '3!']);
  expect(await inOrder([], 2, work)).toEqual([]);
});

it('begins nothing more after a failure, and lets end what was begun', async () => {
  const begun: number[] = [];
  let end = (): void => undefined;
  const slow = new Promise<void>((resolve) => (end = resolve));
  const all = inOrder([1, 2, 3, 4], 2, (item) => {
    begun.push(item);
    return item === 1 ? slow : Promise.reject(new Error(`no ${item}`));
  });
  let isSettled = false;
  void all.catch(() => (isSettled = true));
  await settled();
  expect([begun, isSettled]).toEqual([[1, 2], false]);
  end();
  await expect(all).rejects.toThrow('no 2');
  expect(begun).toEqual([1, 2]);
});
