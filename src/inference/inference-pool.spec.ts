// Tests of how windows are shared between devices.
import { expect, it } from 'vitest';
import { type Inference, type WindowRequest, type WindowResult } from './inference.js';
import { InferencePool } from './inference-pool.js';

/** A device that takes so many ticks of the test's own clock for a window. */
class StubDevice implements Inference {
  done = 0;
  private left = 0;
  private end: ((result: WindowResult) => void) | undefined;

  constructor(private readonly ticks: number) {}

  get isIdle(): boolean {
    return this.end === undefined;
  }

  run(): Promise<WindowResult> {
    this.left = this.ticks;
    return new Promise((resolve) => (this.end = resolve));
  }

  tick(): void {
    if (!this.end || --this.left > 0) return;
    const end = this.end;
    this.end = undefined;
    this.done++;
    end({} as WindowResult);
  }

  model = (): never => expect.fail('not asked');
  chat = (): never => expect.fail('not asked');
  close = (): Promise<void> => Promise.resolve();
}

const window = (startSeconds: number) => ({ contentHash: 'a', startSeconds, endSeconds: startSeconds + 30, sampling: {} }) as WindowRequest;

it.each([
  [1, 1, [20, 20]],
  [1, 3, [30, 10]],
])('devices that take %i and %i for a window share them accordingly, and none is idle while one waits', async (fast, slow, shares) => {
  const devices = [new StubDevice(fast), new StubDevice(slow)] as const;
  const pool = new InferencePool(devices);
  let waiting = 40;
  const all = Array.from({ length: waiting }, (_, k) => pool.run(window(k)).then(() => waiting--));
  while (waiting > 0) {
    if (waiting > 2) expect(devices.some(({ isIdle }) => isIdle)).toBe(false);
    for (const device of devices) device.tick();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(all);
  expect(devices.map(({ done }) => done)).toEqual(shares);
});
