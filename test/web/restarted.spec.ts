// The service is started again while the page is open, with an upload and an analysis under way: both end as if nothing had been.
import { readFileSync, rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStack, type Stack } from '../../src/cli/stack.js';
import { demoClip } from '../e2e/running-product.js';
import { temporaryFolder } from '../medium/servers.js';
import { launchBrowser, openPage } from './browser.js';
import { addAnalysed } from './library.js';

const folder = temporaryFolder();
const start = (port: string): Promise<Stack> => startStack({ env: { PORT: port, DATA_DIR: folder, OUTGOING_ALLOW: '127.0.0.1' }, onStep: () => undefined, onFirstKey: () => undefined });

let browser: Browser;
let stack: Stack;
beforeAll(async () => {
  [browser, stack] = await Promise.all([launchBrowser(), start('0')]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const PIECE = 8 * 1024 * 1024;

/** A clip with so many bytes behind it that players skip. */
function longFile(): Buffer {
  const bytes = 1.5 * PIECE;
  const box = Buffer.alloc(bytes);
  box.writeUInt32BE(bytes);
  box.write('free', 4);
  return Buffer.concat([readFileSync(demoClip('short_30s')), box]);
}

const analyses = async (baseUrl: string) => ((await (await fetch(`${baseUrl}/v1/analyze/tasks`)).json()) as { data: { id: string; video_id: string; status: string; windows: { done: number; total: number } }[] }).data;

describe('a service that is started again', () => {
  it('is waited for by the page: the upload goes on where it was, and the analysis to its end', async () => {
    const { baseUrl } = stack;
    const { page, context, complaints } = await openPage(browser, baseUrl);
    const analysed = await addAnalysed(baseUrl, 'long_4min');
    const offsets: number[] = [];
    let pieceArrives: () => void = () => undefined;
    const secondPiece = new Promise<void>((resolve) => (pieceArrives = resolve));
    let serve: () => void = () => undefined;
    const isAway = new Promise<void>((resolve) => (serve = resolve));
    await page.route('**/v1/uploads/*', async (route) => {
      if (route.request().method() !== 'PATCH') return route.continue();
      offsets.push(Number(route.request().headers()['upload-offset']));
      if (offsets.length !== 2) return route.continue();
      pieceArrives();
      await isAway;
      return route.abort();
    });
    await page.goto('/');
    await page.getByRole('article').filter({ hasText: 'long_4min.mp4' }).waitFor();
    await page.getByLabel('Video files').setInputFiles({ name: 'sent.mp4', mimeType: 'video/mp4', buffer: longFile() });
    await secondPiece;
    await page.getByRole('checkbox', { name: 'Select long_4min.mp4' }).check();
    await page.getByRole('button', { name: 'Analyse again' }).click();
    await page.getByRole('progressbar', { name: 'Analysis of long_4min.mp4' }).waitFor();
    await stack.stop();
    serve();
    await expect.poll(() => fetch(baseUrl).then(() => 'up', () => 'away')).toBe('away');
    stack = await start(new URL(baseUrl).port);
    const sent = page.getByRole('article').filter({ hasText: 'sent.mp4' });
    await sent.getByText(/\d+ events/).waitFor({ timeout: 90_000 });
    expect(offsets).toEqual([0, PIECE, PIECE]);
    await page.getByRole('progressbar', { name: 'Analysis of long_4min.mp4' }).waitFor({ state: 'detached', timeout: 90_000 });
    await page.getByRole('progressbar', { name: 'Analysis of sent.mp4' }).waitFor({ state: 'detached', timeout: 90_000 });
    const all = await analyses(baseUrl);
    expect(all.filter(({ video_id }) => video_id === analysed).map(({ status, windows }) => [status, windows.done === windows.total])).toEqual([['ready', true], ['ready', true]]);
    expect(all.map(({ status }) => status)).toEqual(['ready', 'ready', 'ready']);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('goes on with a fetch from a URL that the page follows', async () => {
    const { baseUrl } = stack;
    const { page, context, complaints } = await openPage(browser, baseUrl);
    let asked = 0;
    await page.route('**/v1/uploads/*', (route) => (++asked <= 3 ? route.abort() : route.continue())); // away at first
    await page.goto('/');
    await page.getByRole('button', { name: 'By URL' }).click();
    await page.getByLabel('Address of a video').fill(`${baseUrl}/demo/short_30s.mp4`);
    await page.getByRole('button', { name: 'Fetch' }).click();
    await page.getByRole('article').filter({ hasText: 'short_30s.mp4' }).getByText(/\d+ events/).waitFor({ timeout: 90_000 });
    expect(asked).toBeGreaterThan(3);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('says so, and what to do, when the analysis of what has arrived cannot be begun', async () => {
    const { page, context, complaints } = await openPage(browser, stack.baseUrl);
    await page.route('**/v1/analyze/tasks', (route) =>
      route.request().method() === 'POST' ? route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ code: 'key.scope_missing', detail: 'The key may not do that.' }) }) : route.continue(),
    );
    await page.goto('/');
    await page.getByLabel('Video files').setInputFiles({ name: 'kept.mp4', mimeType: 'video/mp4', buffer: Buffer.concat([readFileSync(demoClip('short_30s')), Buffer.from([0, 0, 0, 8]), Buffer.from('free')]) });
    await page.getByRole('status').getByText('The key may not do that. Use a key that is allowed to.').waitFor();
    await page.getByRole('article').filter({ hasText: 'kept.mp4' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
