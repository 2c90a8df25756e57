// What a browser cannot play by itself, and frames that last differently long, in a real browser.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { startProduct } from '../e2e/running-product.js';
import { type Clip, clipFolder, makeClip, readNumber, X264 } from '../medium/clips.js';
import { violations } from './axe.js';
import { inBrowser } from './in-browser.js';

/** Frames of 20 to 60 ms, and one that stands for a second. */
const uneven = Array.from({ length: 160 }, (_, n) => n * 1000 + 300 * Math.round(Math.sin(n)) + (n > 40 ? 30_000 : 0));
const [WIDTH, HEIGHT] = [320, 180];

const folder = clipFolder();
const site = inBrowser(() => startProduct({ WORKER_ROLES: 'media' }));
afterAll(() => folder.remove());

async function upload(clip: Clip): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(await readFile(clip.file))]), basename(clip.file));
  return ((await (await fetch(`${site.product.baseUrl}/v1/videos`, { method: 'POST', body: form })).json()) as { id: string }).id;
}

/** The number that the picture of the player shows. */
async function shownNumber(page: Page): Promise<number> {
  const rgb = await page.locator('video').evaluate((video: HTMLVideoElement, [width, height]) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    context.drawImage(video, 0, 0, width, height);
    return Array.from(context.getImageData(0, 0, width, height).data.filter((_, at) => at % 4 !== 3));
  }, [WIDTH, HEIGHT] as const);
  return readNumber({ pts: 0, width: WIDTH, height: HEIGHT, rgb: Uint8Array.from(rgb) });
}

const now = (page: Page): Promise<string> => page.getByTestId('now').innerText();

describe('steps', () => {
  it('go from picture to picture, and the number beside is its own', async () => {
    const { page } = site.opened;
    const clip = await makeClip(folder.path, { name: 'uneven.mp4', ticks: uneven, timescale: 30_000, options: X264 });
    await page.goto(`/videos/${await upload(clip)}?t=${clip.seconds[37]!.toFixed(3)}`);
    await page.getByTestId('now').waitFor();
    for (let press = 0; press < 2; press++) await page.keyboard.press('t');
    await expect.poll(() => now(page)).toBe('#37');
    for (const [key, numbers] of [['.', [38, 39, 40, 41, 42]], [',', [41, 40]]] as const) {
      for (const number of numbers) {
        await page.keyboard.press(key);
        await expect.poll(() => now(page)).toBe(`#${number}`);
        await expect.poll(() => shownNumber(page)).toBe(number);
      }
    }
  });
});

describe('what this browser cannot play', () => {
  it('says why it is not made a copy of where one may not ask, and shows it frame by frame', async () => {
    const { page } = site.opened;
    const id = await upload(await makeClip(folder.path, { name: 'older.mkv', ticks: uneven, timescale: 30_000, options: ['-c:v', 'mpeg4', '-q:v', '2'] }));
    const problem = { status: 403, code: 'key.scope_missing', detail: 'This key does not allow videos:write.' };
    await page.route('**/proxy', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 403, contentType: 'application/problem+json', json: problem }) : route.continue()));
    await page.goto(`/videos/${id}?t=2.5`);
    await page.getByRole('status').filter({ hasText: 'No copy can be asked for: This key does not allow videos:write. Use a key that is allowed to.' }).waitFor();
    await page.getByRole('img', { name: 'Frame at 2.50 seconds' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('is shown frame by frame, and then as a copy that shows the same frame at the same second', async () => {
    const { page } = site.opened;
    const clip = await makeClip(folder.path, { name: 'old.mkv', ticks: uneven, timescale: 30_000, options: ['-c:v', 'mpeg4', '-q:v', '2', '-bf', '2', '-g', '30'] });
    const id = await upload(clip);
    await page.route('**/proxy', (route) => route.abort()); // nobody makes a copy yet
    await page.goto(`/videos/${id}?t=2.5`);
    await page.getByRole('status').filter({ hasText: 'A copy that it can play is to be made.' }).waitFor();
    await page.getByRole('img', { name: 'Frame at 2.50 seconds' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.unroute('**/proxy');
    await page.reload();
    await page.getByText(/^Plays a copy, 320 × 180: this browser cannot play mpeg4/).waitFor({ timeout: 60_000 });
    const shownAt = (seconds: number): number => clip.seconds.filter((at) => at <= seconds + 1e-3).length - 1;
    await expect.poll(() => shownNumber(page)).toBe(shownAt(2.5));
    await page.keyboard.press('.');
    await expect.poll(() => shownNumber(page)).toBe(shownAt(2.5) + 1);
    expect(await violations(page)).toEqual([]);
    await expect.poll(() => Number(new URL(page.url()).searchParams.get('t'))).toBeCloseTo(clip.seconds[shownAt(2.5) + 1]!, 3);
    await page.reload(); // it is there now
    await expect.poll(() => shownNumber(page).catch(() => -1)).toBe(shownAt(2.5) + 1);
  });
});
