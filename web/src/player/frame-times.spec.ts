// Steps over frames that last differently long.
import { describe, expect, it } from 'vitest';
import { FrameTimes } from './frame-times';

/** Frames of a phone: some twice as long, one of two seconds. */
const times = Array.from({ length: 400 }, (_, n) => n / 30 + (n % 5 === 2 ? 0.012 : 0) + (n > 200 ? 2 : 0));

/** A service that gives 50 frames on either side. */
const around = (seconds: number): Promise<{ total: number; first: number; times: number[]; end_time: number }> => {
  const shown = Math.max(0, times.filter((time) => time <= seconds + 1e-6).length - 1);
  const [first, end] = [Math.max(0, shown - 50), Math.min(times.length, shown + 51)];
  return Promise.resolve({ total: times.length, first, times: times.slice(first, end), end_time: times[end] ?? 16 });
};

describe('steps from frame to frame', () => {
  it('go to the times that the frames have, forward and back again', async () => {
    const frames = new FrameTimes(around, 25, () => undefined);
    const walk = async (by: number): Promise<number[]> => {
      const seen: number[] = [];
      for (let now = by > 0 ? 0 : 99; seen.length < times.length - 1; seen.push(now)) now = await frames.stepped(Number(now.toFixed(3)), by);
      return seen;
    };
    expect(await walk(1)).toEqual(times.slice(1));
    expect(await walk(-1)).toEqual(times.slice(0, -1).reverse());
    expect(frames.at(8)).toEqual({ number: 200, start: times[200], end: times[201] });
  });

  it('know the frames of where one has gone meanwhile', async () => {
    let wanted = 1;
    let arrive: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const frames: FrameTimes = new FrameTimes((seconds) => arrived.then(() => around(seconds)), 25, () => void frames.prepare(wanted));
    void frames.prepare(wanted);
    wanted = 12;
    void frames.prepare(wanted);
    arrive();
    await expect.poll(() => frames.at(12)).toBeDefined();
  });

  it('go by the average rate where nobody tells the times', async () => {
    const frames = new FrameTimes(() => Promise.reject(new Error('away')), 25, () => undefined);
    expect(await frames.stepped(1, 1)).toBeCloseTo(1.04, 9);
    expect(frames.at(1)).toBeUndefined();
  });
});
