// The page in a real browser over the running product: from an empty library to a cut list.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { demoClip, startProduct, trueEvents } from '../e2e/running-product.js';
import { violations } from './axe.js';
import { openPage } from './browser.js';
import { inBrowser } from './in-browser.js';
import { startLibrary } from './library.js';

/** When the files that are dropped were last changed. */
const CHANGED_AT = 1_795_000_000_000;

/** Drops files as a file manager does. */
async function drop(page: Page, files: readonly { name: string; bytes: Buffer; zeros?: number }[]): Promise<void> {
  const given = files.map(({ name, bytes, zeros = 0 }) => ({ name, zeros, base64: bytes.toString('base64') }));
  const transfer = await page.evaluateHandle(({ list, lastModified }) => {
    const data = new DataTransfer();
    for (const { name, base64, zeros } of list) data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)), new Uint8Array(zeros)], name, { type: 'video/mp4', lastModified }));
    return data;
  }, { list: given, lastModified: CHANGED_AT });
  for (const type of ['dragover', 'drop']) await page.dispatchEvent('body', type, { dataTransfer: transfer });
}

const PIECE = 8 * 1024 * 1024;

/** Begins so many bytes at the end of a file that a player skips. */
function freeBox(bytes: number): Buffer {
  const header = Buffer.from('....free');
  header.writeUInt32BE(bytes);
  return header;
}

describe('an empty library', () => {
  const site = inBrowser(() => startProduct({ OUTGOING_ALLOW: '127.0.0.1' }));

  it('says how to begin, takes what is dropped, shows what is wrong with it, and how far the rest is', async () => {
    const { page } = site.opened;
    await page.goto('/');
    await page.getByRole('heading', { name: 'Drop videos here' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await drop(page, [
      { name: 'first.mp4', bytes: readFileSync(demoClip('short_30s')) },
      { name: 'notes.mp4', bytes: Buffer.from('this is no video') },
    ]);
    const card = page.getByRole('article').filter({ hasText: 'first.mp4' });
    await card.waitFor();
    const uploads = page.getByRole('list', { name: 'Uploads' });
    await uploads.getByText('notes.mp4').waitFor();
    await uploads.getByText(/is not a video/).waitFor();
    expect(await uploads.getByRole('button', { name: 'Send again' }).count()).toBe(0); // the same file would be refused again
    await card.getByText(/\d+ events/).waitFor();
    await drop(page, [{ name: 'again.mp4', bytes: readFileSync(demoClip('short_30s')) }]);
    await page.getByText('again.mp4 is already in the library.').waitFor();
    await page.locator('article[data-marked]').filter({ hasText: 'first.mp4' }).waitFor();
    expect(((await (await fetch(`${site.product.baseUrl}/v1/analyze/tasks`)).json()) as { data: unknown[] }).data).toHaveLength(1);
    await uploads.getByRole('button', { name: 'Remove the upload of notes.mp4' }).click();
    expect(await uploads.count()).toBe(0);
  });

  it('deletes with a way back', async () => {
    const { page } = site.opened;
    await page.goto('/');
    await page.getByRole('checkbox', { name: 'Select first.mp4' }).check();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Drop videos here' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('article').filter({ hasText: 'first.mp4' }).waitFor();
    await page.getByRole('checkbox', { name: 'Select first.mp4' }).check();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.reload(); // whoever leaves does not want it back
    await page.getByRole('heading', { name: 'Drop videos here' }).waitFor();
    await expect.poll(async () => ((await (await fetch(`${site.product.baseUrl}/v1/videos`)).json()) as { data: unknown[] }).data).toEqual([]);
  });

  it('has the demo clip one click away', async () => {
    const { page } = site.opened;
    await page.goto('/');
    await page.getByRole('button', { name: 'Use the demo clip' }).click();
    await page.getByRole('article').filter({ hasText: 'demo-4-minutes.mp4' }).waitFor();
  });

  it('goes on where an upload was when the page is left and the file dropped again', async () => {
    const { page } = site.opened;
    const bytes = Buffer.concat([readFileSync(demoClip('short_30s')), freeBox(1.25 * PIECE)]);
    const file = { name: 'long.mp4', bytes, zeros: 1.25 * PIECE - 8 };
    const offsets: (string | undefined)[] = [];
    await page.route('**/v1/uploads/*', async (route) => {
      const request = route.request();
      if (request.method() !== 'PATCH') return await route.continue();
      offsets.push(request.headers()['upload-offset']);
      return offsets.length === 2 ? undefined : route.continue(); // the second piece never arrives
    });
    await page.goto('/');
    await page.getByRole('button', { name: 'Add videos' }).first().waitFor();
    await drop(page, [file]);
    await expect.poll(() => offsets.length, { timeout: 20_000 }).toBe(2);
    await page.reload();
    const broken = page.getByRole('list', { name: 'Uploads that broke off' });
    await broken.getByText('long.mp4').waitFor();
    expect(await violations(page)).toEqual([]);
    await drop(page, [file]);
    await page.getByRole('article').filter({ hasText: 'long.mp4' }).waitFor();
    expect(offsets.map(Number)).toEqual([0, PIECE, PIECE]);
    expect(await broken.count()).toBe(0);
    await page.reload();
    await page.getByRole('article').filter({ hasText: 'long.mp4' }).waitFor();
    expect(await broken.count()).toBe(0);
  });

  it('has a video fetched from a URL', async () => {
    const { page } = site.opened;
    await page.goto('/');
    await page.getByRole('button', { name: 'By URL' }).click();
    await page.getByLabel('Address of a video').fill(`${site.product.baseUrl}/demo/short_30s.mp4`);
    await page.getByRole('button', { name: 'Fetch' }).click();
    await page.getByRole('article').filter({ hasText: 'short_30s.mp4' }).getByText(/\d+ events/).waitFor({ timeout: 90_000 });
  });

  it('says why a URL is not fetched', async () => {
    const { page } = site.opened;
    await page.goto('/');
    await page.getByRole('button', { name: 'By URL' }).click();
    await page.getByLabel('Address of a video').fill(`${site.product.baseUrl}/demo/nothing.mp4`);
    await page.getByRole('button', { name: 'Fetch' }).click();
    const uploads = page.getByRole('list', { name: 'Uploads' });
    await uploads.getByText(/404/).waitFor();
    await uploads.getByRole('button', { name: /^Remove the upload/ }).click();
  });
});

describe('an analysed video', () => {
  const site = inBrowser(startLibrary);
  /** An analysis of a part for kinds of its own. */
  let tried: string;
  beforeAll(async () => {
    const body = { video_id: site.product.long, segment_definitions: [{ name: 'moves', description: 'An object moves.' }, { name: 'grows', description: 'An object grows.' }], start_time: 20, end_time: 80 };
    const ask = async (path: string, init?: RequestInit) => (await (await fetch(site.product.baseUrl + path, init)).json()) as { id: string; status: string };
    tried = (await ask('/v1/analyze/tasks', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).id;
    await vi.waitUntil(async () => (await ask(`/v1/analyze/tasks/${tried}`)).status === 'ready', { timeout: 60_000, interval: 300 });
  });

  const now = (page: Page) => page.getByTestId('now');
  const openVideo = async (page: Page, query = ''): Promise<void> => {
    await page.goto(`/videos/${site.product.short}${query}`);
    await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
  };
  const askFor = async (page: Page, words: string): Promise<void> => {
    const box = page.getByRole('search').getByRole('textbox');
    await box.waitFor();
    await expect
      .poll(async () => {
        if (!(await box.evaluate((input) => input === document.activeElement))) await page.keyboard.press('/'); // a page that has just come may not listen yet
        return box.evaluate((input) => input === document.activeElement);
      })
      .toBe(true);
    await page.keyboard.type(words);
    await page.keyboard.press('Enter');
  };

  it('shows the very frame: by step, by link, by a click on the timeline', async () => {
    const { page } = site.opened;
    await openVideo(page, '?t=2.56');
    await page.keyboard.press('t');
    await page.keyboard.press('t');
    await expect.poll(() => now(page).textContent()).toBe('#64');
    const shown = (): Promise<number> => page.evaluate(() => document.querySelector('video')?.currentTime ?? -1);
    await page.keyboard.press('.');
    await expect.poll(() => now(page).textContent()).toBe('#65');
    expect(Math.floor((await shown()) * 25)).toBe(65);
    await page.keyboard.press(',');
    await page.keyboard.press(',');
    await expect.poll(() => now(page).textContent()).toBe('#63');
    expect(Math.floor((await shown()) * 25)).toBe(63);
    await expect.poll(() => new URL(page.url()).searchParams.get('t')).toBe('2.52');
    const lanes = page.getByRole('region', { name: 'Timeline' }).locator('canvas').nth(1);
    const box = await lanes.boundingBox();
    await page.mouse.click(box!.x + box!.width / 2, box!.y + 10);
    await expect.poll(shown).toBeCloseTo(15, 0);
  });

  it('answers with the moment and why, and it can be linked to', async () => {
    const { page, context } = site.opened;
    const [event] = await trueEvents('short_30s');
    await openVideo(page);
    await askFor(page, event!.query);
    const answer = page.getByRole('article', { name: 'Answer 1' });
    await answer.waitFor();
    await answer.getByText(/^The model looked at 00:00\.0 – /).waitFor();
    await answer.getByText(/^\d+ % sure$/).waitFor();
    await answer.getByText(/^How sure the answer is was calibrated/).waitFor();
    await answer.getByText('Technical').click();
    await answer.getByText(/fps, \d+ frames/).waitFor();
    expect(await answer.getByRole('list', { name: 'Frames that the model saw' }).getByRole('button', { name: /inside the answer/ }).count()).toBeGreaterThan(2);
    await expect.poll(() => page.evaluate(() => document.querySelector('video')?.currentTime ?? 0)).toBeGreaterThan(event!.start_time - 1);
    await expect.poll(() => new URL(page.url()).searchParams.get('t')).not.toBeNull();
    const other = await context.newPage();
    await other.goto(page.url());
    await other.getByRole('article', { name: 'Answer 1' }).waitFor();
    expect(await other.getByRole('search').getByRole('textbox').inputValue()).toBe(event!.query);
  });

  it.each([[0.3, 'Closest was'], [0.01, 'Nothing came near.']])('says that something is not in it, and what came closest with %d', async (confidence, words) => {
    const { page } = site.opened;
    await page.route('**/moments*', async (route) => {
      const response = await route.fetch();
      const moments = (await response.json()) as { best_rejected: object | null };
      await route.fulfill({ response, json: { ...moments, ...(moments.best_rejected && { best_rejected: { ...moments.best_rejected, start_time: 3, end_time: 5, confidence } }) } });
    });
    await openVideo(page);
    await askFor(page, 'blue square moves right');
    const answer = page.getByRole('article', { name: 'Answer' });
    await answer.getByText('Not in this video:').waitFor();
    await answer.getByText(words).waitFor();
    expect(await page.getByRole('group', { name: 'Lanes' }).getByTitle('Answers').textContent()).toBe('Answers');
    await answer.getByRole('button', { name: 'Wrong' }).click();
    await expect.poll(() => answer.getByRole('button', { name: 'Wrong' }).getAttribute('aria-pressed')).toBe('true');
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('keeps the edges of an answer that were put right', async () => {
    const { page } = site.opened;
    const [event] = await trueEvents('short_30s');
    await openVideo(page);
    await askFor(page, event!.query);
    const answer = page.getByRole('article', { name: 'Answer 1' });
    await answer.getByRole('button', { name: 'Correct the edges' }).click();
    const end = page.getByRole('slider', { name: 'Out point' });
    const box = await end.boundingBox();
    await page.mouse.move(box!.x + box!.width / 2, box!.y + 40);
    await page.mouse.down();
    await page.mouse.move(box!.x + box!.width / 2 + 60, box!.y + 40, { steps: 4 });
    await page.mouse.up();
    await end.press('ArrowRight');
    await answer.getByRole('button', { name: 'Keep' }).click();
    await answer.getByText(/Corrected to/).waitFor();
    const { data } = (await (await fetch(`${site.product.baseUrl}/v1/videos/${site.product.short}/feedback`)).json()) as { data: { verdict: string; end_time: number | null }[] };
    const corrected = data.find(({ end_time }) => end_time !== null);
    expect(corrected?.verdict).toBe('right');
    expect(corrected?.end_time).toBeGreaterThan(event!.end_time);
  });

  it('gives a selection to the clip list, and the list of two videos as an EDL and an MP4', async () => {
    const { page } = site.opened;
    await openVideo(page, '?from=2&to=5');
    await page.keyboard.press('c');
    await page.goto(`/videos/${site.product.long}?from=10.04&to=12`);
    await page.getByRole('region', { name: 'Timeline' }).waitFor();
    await page.keyboard.press('c');
    await page.goto('/clips');
    await page.getByRole('list').getByRole('listitem').nth(1).waitFor();
    await page.getByRole('button', { name: 'Move long_4min.mp4 up' }).click();
    await page.getByRole('button', { name: /Export/ }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /EDL/ }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text.match(/^\d{3} .*$/gm)?.map((line) => line.trim())).toEqual([
      '001  LONG4MIN V     C        00:00:10:01 00:00:12:00 01:00:00:00 01:00:01:24',
      '002  SHORT30S V     C        00:00:02:00 00:00:05:00 01:00:01:24 01:00:04:24',
    ]);
    await page.getByRole('button', { name: /Export/ }).click();
    await page.getByRole('menuitem', { name: 'MP4 players' }).click();
    const files = page.getByRole('region', { name: 'MP4 files' });
    await files.getByRole('listitem').first().waitFor();
    expect(await violations(page)).toEqual([]);
    const link = files.getByRole('link', { name: /^Download/ });
    await link.waitFor({ timeout: 60_000 });
    expect(await link.getAttribute('title')).toBe('124 frames'); // as in the EDL: 49 and 75
    const cut = page.waitForEvent('download');
    await link.click();
    expect((await readFile(await (await cut).path())).toString('latin1', 4, 8)).toBe('ftyp');
    expect(await violations(page)).toEqual([]);
    await files.getByRole('button', { name: 'Delete the files of Clip and 1 more' }).click();
    await files.waitFor({ state: 'hidden' });
  });

  it('is left out of the reel and of exports when it is deleted, and can be taken off the clip list', async () => {
    const { page } = site.opened;
    const clips = [{ key: 'a', videoId: crypto.randomUUID(), start: 1, end: 2, text: 'no more' }, { key: 'b', videoId: site.product.short, start: 2, end: 5, text: '' }];
    await page.addInitScript((kept) => localStorage.getItem('clips') ?? localStorage.setItem('clips', JSON.stringify(kept)), clips);
    await page.goto('/clips');
    const row = page.getByRole('listitem').filter({ hasText: 'video deleted' });
    await row.getByText('no more').waitFor();
    await page.getByText('Clip 1 of 1').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: /Export/ }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /EDL/ }).click();
    expect((await readFile(await (await download).path(), 'utf8')).match(/^\d{3} /gm)).toHaveLength(1);
    await page.getByRole('button', { name: 'Remove it' }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('listitem').filter({ hasText: 'short_30s.mp4' }).waitFor();
  });

  it('is asked the question of its address, once', async () => {
    const { page } = site.opened;
    const asked: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && /\/moments$/.test(request.url()) && asked.push(request.postData() ?? ''));
    await page.goto(`/videos/${site.product.short}?q=green+circle+moves+right`);
    await expect.poll(() => new URL(page.url()).searchParams.get('m')).not.toBeNull();
    await page.getByRole('region', { name: 'green circle moves right' }).getByRole('article').first().waitFor();
    await page.reload();
    await page.getByRole('region', { name: 'green circle moves right' }).getByRole('article').first().waitFor();
    expect(asked.map((body) => (JSON.parse(body) as { query: string }).query)).toEqual(['green circle moves right']);
  });

  it('is asked when the service is back, where that was away', async () => {
    const { page, context } = site.opened;
    await openVideo(page);
    await context.setOffline(true);
    await askFor(page, 'red triangle grows');
    await page.getByText(/^Not asked yet.*red triangle grows/).waitFor();
    const banner = page.getByText(/^The connection to the service is lost/);
    await banner.waitFor();
    expect(await violations(page)).toEqual([]);
    await context.setOffline(false);
    await page.getByRole('region', { name: 'red triangle grows' }).getByRole('article').first().waitFor();
    await banner.waitFor({ state: 'detached' });
  });

  it('is not held for one that cannot be played where it only did not arrive', async () => {
    const { page } = site.opened;
    let refused = 0;
    await page.route('**/content*', (route) => {
      refused += 1;
      return route.abort();
    });
    await page.goto(`/videos/${site.product.short}`);
    await expect.poll(() => refused, { timeout: 20_000 }).toBeGreaterThan(3); // it is tried again
    expect(await page.getByText('This browser cannot play').count()).toBe(0);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
  });

  it('is asked once what is asked again while the service is away', async () => {
    const { page, context } = site.opened;
    await openVideo(page);
    await context.setOffline(true);
    await askFor(page, 'red triangle grows');
    await page.getByText(/^Not asked yet.*red triangle grows/).waitFor();
    await page.keyboard.press('Enter');
    expect(await page.getByText(/^Not asked yet.*red triangle grows/).count()).toBe(1);
    await context.setOffline(false);
    await page.getByRole('region', { name: 'red triangle grows' }).getByRole('article').first().waitFor();
  });

  it('leads to the library where there is none of that name, and says so at an address that leads nowhere', async () => {
    const { page } = site.opened;
    await page.goto(`/videos/${crypto.randomUUID()}`);
    await page.getByRole('link', { name: 'Go to the library' }).click();
    await page.getByRole('article').first().waitFor();
    await page.evaluate(() => {
      history.pushState(null, '', '/nowhere');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    await page.getByText('There is nothing at this address.').waitFor();
  });

  it('says in the library what was found in it', async () => {
    const { page } = site.opened;
    await page.goto('/');
    await page.getByRole('article').filter({ hasText: 'short_30s.mp4' }).getByText(/\d+ events/).waitFor();
    await page.getByRole('button', { name: /^Ready 2/ }).waitFor();
  });

  it('is found again over the whole library', async () => {
    const { page } = site.opened;
    await page.goto('/');
    await askFor(page, 'purple circle moves down');
    await page.getByRole('region', { name: 'Segments' }).getByText('short_30s.mp4').waitFor();
    await page.getByRole('region', { name: 'Moments' }).getByText('2 of 2 videos looked at').waitFor();
    await page.getByRole('region', { name: 'Moments' }).getByRole('link', { name: /short_30s/ }).first().click();
    await page.getByRole('article', { name: 'Answer 1' }).waitFor();
  });

  it('says of how many videos the likeliest were looked at, and looks at more', async () => {
    const { page } = site.opened;
    const wanted: number[] = [];
    await page.route('**/v1/search', async (route) => {
      const { ground_videos: most } = route.request().postDataJSON() as { ground_videos?: number };
      if (most === undefined) return route.continue();
      wanted.push(most);
      return route.continue({ postData: JSON.stringify({ ...(route.request().postDataJSON() as object), ground_videos: most === 5 ? 1 : most }) });
    });
    await page.goto('/search?q=purple+circle+moves+down');
    const moments = page.getByRole('region', { name: 'Moments' });
    await moments.getByText('1 of the 1 likeliest of 2 videos looked at').waitFor();
    await moments.getByRole('button', { name: 'Look at more' }).click();
    await moments.getByText('2 of 2 videos looked at').waitFor();
    expect(wanted).toEqual([5, 20]);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('is found by a picture of it', async () => {
    const { page } = site.opened;
    const picture = Buffer.from(await (await fetch(`${site.product.baseUrl}/v1/videos/${site.product.short}/thumbnail?t=20`)).arrayBuffer());
    await page.goto('/');
    const button = page.getByRole('button', { name: 'Look for a picture' });
    page.on('filechooser', () => undefined); // for all of the test: a browser that is told only at the second one may open a dialog of its own
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click()]);
    await chooser.setFiles({ name: 'still.jpg', mimeType: 'image/jpeg', buffer: picture });
    const found = page.getByRole('region', { name: 'Pictures' });
    await found.getByRole('heading', { name: /short_30s\.mp4/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Look for a picture' }).focus();
    const [another] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
    await another.setFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
    await page.getByText('notes.png is no picture that this browser reads; PNG, JPEG and WebP are.').waitFor();
  });

  it('filters its segments and follows them', async () => {
    const { page } = site.opened;
    await page.goto(`/videos/${site.product.long}?tab=segments&type=event&text=blue`);
    const rows = page.getByRole('region', { name: 'Segments' }).getByRole('listitem');
    await rows.first().waitFor();
    for (const text of await rows.allTextContents()) expect(text).toMatch(/blue/i);
    await rows.nth(1).getByRole('button').click();
    await expect.poll(() => rows.nth(1).getAttribute('aria-current')).toBe('true');
  });

  const views = () => ['/', '/?view=table', `/videos/${site.product.short}`, `/videos/${site.product.short}?tab=segments`, '/search?q=red', '/clips', '/operate', '/operate?panel=keys', '/operate?panel=webhooks', '/operate?panel=alerts', '/operate?panel=charts', '/operate?panel=storage', '/operate?panel=audit', '/define', `/videos/${site.product.long}/compare`];

  const ways = (['dark', 'light'] as const).flatMap((scheme) => [1280, 390].map((width) => ({ scheme, width })));
  it.each(ways)('breaks no rule of WCAG 2.2 AA in any view and fits, $scheme, $width pixels wide', async ({ scheme, width }) => {
    const { page, context } = await openPage(site.browser, site.product.baseUrl, { scheme, viewport: { width, height: 844 } });
    const clips = [{ key: 'a', videoId: site.product.short, start: 2, end: 5, text: 'red triangle grows' }, { key: 'b', videoId: site.product.long, start: 10, end: 12, text: '' }];
    const found: string[] = [];
    const judge = async (view: string): Promise<void> => {
      await page.waitForLoadState('networkidle');
      const across = await page.evaluate(() => document.documentElement.scrollWidth);
      found.push(...(across > width ? [`${view}: ${across} pixels wide`] : []), ...(await violations(page)).map((violation) => `${view}: ${violation}`));
    };
    for (const view of [...views(), '/search', '/search?q=%C3%A4', `/define?video=${site.product.long}&try=${tried}&from=20&to=80`, '/sign-in', '/nowhere']) {
      await page.goto(view);
      await judge(view);
    }
    for (const [words, name] of [['red triangle grows', 'Answer 1'], ['blue square moves right', 'Answer']] as const) {
      await page.goto(`/videos/${site.product.short}?${new URLSearchParams({ q: words }).toString()}`);
      await page.getByRole('article', { name, exact: true }).waitFor();
      await judge(words);
    }
    await page.evaluate((kept) => localStorage.setItem('clips', JSON.stringify(kept)), clips);
    for (const view of ['/clips', `/videos/${site.product.short}?tab=clips&from=2&to=5`]) {
      await page.goto(view);
      await page.getByRole('listitem').filter({ hasText: 'red triangle grows' }).waitFor();
      await judge(view);
    }
    await page.keyboard.press('c');
    await page.getByText('Added to the clip list.').waitFor();
    await judge('a message');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await judge('the keys');
    await context.close();
    expect(found).toEqual([]);
  });

  it.each([1280, 390])('has its boxes where they will be while it is on its way, %i pixels wide', async (width) => {
    const { page, context } = await openPage(site.browser, site.product.baseUrl, { viewport: { width, height: 844 } });
    let arrive: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    await page.route(`**/v1/videos/${site.product.short}`, async (route) => {
      await arrived;
      await route.continue();
    });
    await page.goto(`/videos/${site.product.short}`);
    await page.locator('main [class*=_stage_]').waitFor();
    const boxes = () => page.evaluate(() => [...document.querySelectorAll('main > div > *')].map((box) => box.getBoundingClientRect().toJSON() as DOMRect));
    const before = await boxes();
    expect(await violations(page)).toEqual([]);
    arrive();
    await page.getByRole('region', { name: 'Timeline' }).waitFor();
    for (const [index, { x, y, width: wide }] of (await boxes()).entries()) expect([before[index]?.x, before[index]?.y, before[index]?.width]).toEqual([x, expect.closeTo(y, -2), wide]);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  });

  it.each([1280, 390])('does not move while it loads, however late the answers come, %i pixels wide', async (width) => {
    const { page, context } = await openPage(site.browser, site.product.baseUrl, { viewport: { width, height: 844 } });
    await context.addInitScript(() => {
      const shifts: string[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries() as unknown as { value: number; sources: readonly { node: Element | null }[] }[]) {
          if (value >= SEEN) shifts.push(`${value.toFixed(4)} ${sources.map(({ node }) => node?.outerHTML.slice(0, 80)).join(' ')}`);
        }
      }).observe({ type: 'layout-shift', buffered: true });
      const SEEN = 0.0005; // a number that becomes wider moves its first digit by less
    });
    let late = 0;
    await page.route('**/v1/**', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 20 + ((late += 70) % 200)));
      await route.continue();
    });
    for (const view of [...views(), `/define?video=${site.product.long}&from=20&to=80`, `/define?video=${site.product.long}&try=${tried}&from=20&to=80&t=31`]) {
      await page.goto(view);
      await page.waitForLoadState('networkidle');
      expect(await page.evaluate(() => (globalThis as unknown as { shifts: readonly string[] }).shifts), view).toEqual([]);
    }
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  });

  it('waits for a service that is away, and goes on when it is back', async () => {
    const { page } = site.opened;
    await page.goto('/');
    await page.getByRole('article').first().waitFor();
    await page.context().route('**/v1/**', (route) => route.abort());
    await page.getByRole('link', { name: 'Operate' }).click();
    await page.getByRole('link', { name: 'Library', exact: true }).click();
    await page.getByRole('article').first().waitFor();
    await page.context().unroute('**/v1/**');
    await page.getByRole('link', { name: 'short_30s.mp4' }).click();
    await page.getByRole('region', { name: 'Timeline' }).waitFor();
  });
});
