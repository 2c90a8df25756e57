// What somebody who edits does all day, in a real browser: ask, play, select, collect, and be left where they went.
import type { Locator, Page, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { trueEvents } from '../e2e/running-product.js';
import { violations } from './axe.js';
import { openPage } from './browser.js';
import { inBrowser } from './in-browser.js';
import { startLibrary } from './library.js';

const site = inBrowser(startLibrary);

const read = async <T>(path: string): Promise<T> => (await (await fetch(site.product.baseUrl + path)).json()) as T;
const inAddress = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
const seconds = (page: Page): Promise<number> => page.evaluate(() => document.querySelector('video')?.currentTime ?? -1);
const rate = (page: Page): Promise<number> => page.evaluate(() => document.querySelector('video')?.playbackRate ?? -1);
const paused = (page: Page): Promise<boolean> => page.evaluate(() => document.querySelector('video')?.paused ?? true);

async function openVideo(page: Page, query = '', id = site.product.short): Promise<void> {
  await page.goto(`/videos/${id}${query}`);
  await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
}

async function ask(page: Page, words: string): Promise<void> {
  await page.getByRole('search').getByRole('textbox').fill(words);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
}

const question = (page: Page, words: string) => page.getByRole('region', { name: words, exact: true });

/** Holds the first request of this kind until it is let go. */
async function hold(page: Page, url: string, method: string): Promise<() => Promise<void>> {
  let caught: (route: Route) => void = () => undefined;
  const first = new Promise<Route>((resolve) => (caught = resolve));
  let isFirst = true;
  await page.route(url, (route) => {
    if (!isFirst || route.request().method() !== method) return route.continue();
    isFirst = false;
    caught(route);
    return undefined;
  });
  return async () => {
    const route = await first;
    const answered = page.waitForResponse((response) => response.request() === route.request());
    await route.continue();
    await (await answered).finished();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
  };
}

describe('an answer', () => {
  it('is gone to once; then the picture stays where its reader goes', async () => {
    const { page } = site.opened;
    const [first, second] = await trueEvents('short_30s');
    await openVideo(page);
    await ask(page, first!.query);
    await question(page, first!.query).getByRole('article', { name: 'Answer 1' }).waitFor();
    await expect.poll(() => seconds(page)).toBeGreaterThan(first!.start_time - 1);
    await page.keyboard.press('End');
    await expect.poll(() => seconds(page)).toBeGreaterThan(29);
    await page.getByRole('tab', { name: 'Segments' }).click();
    await page.getByRole('tab', { name: 'Answers' }).click();
    await question(page, first!.query).getByRole('article', { name: 'Answer 1' }).waitFor();
    expect(await seconds(page)).toBeGreaterThan(29);
    const firstId = inAddress(page, 'm');
    await ask(page, second!.query);
    await question(page, second!.query).getByRole('article', { name: 'Answer 1' }).waitFor();
    await expect.poll(() => [null, firstId].includes(inAddress(page, 'm'))).toBe(false);
    const secondId = inAddress(page, 'm');
    await question(page, first!.query).getByRole('button', { name: 'Go to answer 1' }).click();
    await expect.poll(() => inAddress(page, 'm')).toBe(firstId);
    await question(page, second!.query).getByRole('button', { name: 'Go to answer 1' }).click();
    await expect.poll(() => inAddress(page, 'm')).toBe(secondId);
    await page.keyboard.press('Home');
    await expect.poll(() => inAddress(page, 't')).toBe('0');
    expect(await seconds(page)).toBeLessThan(0.5);
  });

  it('that comes late is no other question\'s and no other view\'s', async () => {
    const { page } = site.opened;
    await openVideo(page);
    const release = await hold(page, '**/moments', 'POST');
    await ask(page, 'yellow ring grows');
    await page.getByText('Asking “yellow ring grows”').waitFor();
    await ask(page, 'blue ring grows');
    await question(page, 'blue ring grows').waitFor();
    await expect.poll(() => inAddress(page, 'm')).not.toBeNull();
    const current = inAddress(page, 'm');
    await page.getByText('Asking “yellow ring grows”').waitFor();
    await release();
    await question(page, 'yellow ring grows').waitFor();
    expect(inAddress(page, 'm')).toBe(current);
    await page.unroute('**/moments');
    const releaseNext = await hold(page, '**/moments', 'POST');
    await ask(page, 'yellow cross grows');
    await page.getByRole('banner').getByRole('link', { name: 'Library' }).click();
    await page.getByRole('article').first().waitFor();
    await releaseNext();
    expect(new URL(page.url()).search).toBe('');
  });

  it('comes from several videos, each asked once', async () => {
    const { page } = site.opened;
    const posts: string[] = [];
    const reads: string[] = [];
    await page.route('**/v1/search', (route) => {
      const body = route.request().postDataJSON() as { ground?: boolean };
      if (!body.ground) return route.continue();
      posts.push(route.request().url());
      return route.continue({ postData: JSON.stringify({ ...body, wait: 0 }) }); // no answer is there yet
    });
    page.on('request', (request) => request.url().includes('/moments/') && reads.push(request.url()));
    await page.goto('/search?q=purple+circle+moves+down');
    const moments = page.getByRole('region', { name: 'Moments' });
    await moments.getByText('2 of 2 videos looked at').waitFor();
    await moments.getByRole('link', { name: /short_30s/ }).first().waitFor();
    await moments.getByRole('link', { name: /long_4min/ }).first().waitFor();
    expect(posts).toHaveLength(1);
    expect(new Set(reads).size).toBe(2);
  });
});

describe('the player', () => {
  it('plays at the speed that was chosen, faster with each L, backward with J, and stops with K', async () => {
    const { page } = site.opened;
    await openVideo(page, '?t=12');
    await page.getByRole('button', { name: 'Speed 1' }).click();
    await page.getByRole('menuitem', { name: '2×', exact: true }).click();
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await expect.poll(() => paused(page)).toBe(false);
    expect(await rate(page)).toBe(2);
    await page.keyboard.press('l');
    await expect.poll(() => rate(page)).toBe(4);
    await page.keyboard.press('k');
    await expect.poll(() => paused(page)).toBe(true);
    await page.getByRole('button', { name: 'Speed 2' }).waitFor(); // at which it begins again
    const before = await seconds(page);
    await page.keyboard.press('j');
    await page.getByRole('button', { name: 'Speed -1' }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('button', { name: 'Speed -2' }).waitFor();
    await expect.poll(() => seconds(page)).toBeLessThan(before - 0.5);
    await page.keyboard.press('k');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  });

  it('marks with I and O and plays what is marked, no further and no faster', async () => {
    const { page } = site.opened;
    await openVideo(page, '?t=5');
    await page.keyboard.press('i');
    for (let press = 0; press < 25; press++) await page.keyboard.press('.');
    await expect.poll(() => inAddress(page, 't')).toBe('6');
    await page.keyboard.press('o');
    await expect.poll(() => [inAddress(page, 'from'), inAddress(page, 'to')]).toEqual(['5', '6']);
    const play = page.getByRole('group', { name: 'Selection' }).getByRole('button', { name: 'Play' });
    await play.click();
    await expect.poll(() => paused(page)).toBe(false);
    await play.click(); // once more while it plays
    expect(await rate(page)).toBe(1);
    await expect.poll(() => paused(page)).toBe(true);
    await expect.poll(async () => Math.floor((await seconds(page)) * 25)).toBe(150);
  });

  it('goes from segment to segment with [ and ], whichever panel is open', async () => {
    const { page } = site.opened;
    const { data } = await read<{ data: { start_time: number }[] }>(`/v1/videos/${site.product.long}/segments?limit=1000`);
    const starts = [...new Set(data.map(({ start_time }) => start_time))].filter((start, k, all) => k === 0 || start - all[k - 1]! > 0.01);
    expect(starts.length).toBeLessThan(data.length); // some begin together
    await openVideo(page, '', site.product.long);
    const press = async (key: string, to: number): Promise<void> => {
      await page.keyboard.press(key);
      await expect.poll(() => Math.abs(Number(inAddress(page, 't')) - to)).toBeLessThan(0.05);
    };
    await page.getByRole('tab', { name: /^Segments/ }).getByText(/\d/).waitFor();
    const walked = starts.filter((start) => start > 0).slice(0, 8);
    for (const start of walked) await press(']', start);
    for (const start of walked.slice(0, -1).reverse()) await press('[', start);
  });
});

describe('a selection that is dragged', () => {
  it('is in the address when it rests, and the browser is not told of each step', async () => {
    const { page, context } = site.opened;
    await context.addInitScript(() => {
      const told: number[] = [];
      Object.assign(globalThis, { told });
      const replace = history.replaceState.bind(history);
      history.replaceState = (...given) => {
        told.push(performance.now());
        replace(...given);
      };
    });
    await openVideo(page);
    await page.getByRole('group', { name: 'Lanes' }).getByText('Shots').waitFor();
    const lanes = await page.getByRole('region', { name: 'Timeline' }).locator('canvas').nth(1).boundingBox();
    await page.mouse.move(lanes!.x + 100, lanes!.y + 10);
    await page.mouse.down();
    await page.mouse.move(lanes!.x + 700, lanes!.y + 10, { steps: 400 });
    await page.mouse.up();
    const out = page.getByRole('slider', { name: 'Out point' });
    await expect.poll(async () => Math.abs(Number(inAddress(page, 'to')) - Number(await out.getAttribute('aria-valuenow')))).toBeLessThan(0.001);
    expect(Number(inAddress(page, 'to'))).toBeGreaterThan(10);
    const told = await page.evaluate(() => (globalThis as unknown as { told: number[] }).told);
    const inTenSeconds = told.map((first) => told.filter((at) => at >= first && at < first + 10_000).length);
    expect(Math.max(...inTenSeconds)).toBeLessThan(100); // of which browsers refuse more
    await page.reload();
    await out.waitFor();
  });
});

describe('the clip list', () => {
  it('is put in order, goes to its clips, and plays as a reel as often as one likes, each clip up to its out point', async () => {
    const { page, context } = site.opened;
    await context.addInitScript(() => Object.defineProperty(crypto, 'randomUUID', { value: undefined })); // as on a page without TLS
    for (const range of ['from=2&to=3', 'from=10&to=11']) {
      await openVideo(page, `?${range}&tab=clips`);
      await page.keyboard.press('c');
    }
    const clips = page.getByRole('tabpanel').getByRole('listitem');
    await clips.nth(1).waitFor();
    await clips.first().getByRole('button', { name: /^00:02\.0/ }).click();
    await expect.poll(() => [inAddress(page, 't'), inAddress(page, 'from'), inAddress(page, 'tab')]).toEqual(['2', '2', 'clips']);
    await page.keyboard.press('End');
    await clips.first().getByRole('button', { name: /^00:02\.0/ }).click();
    await expect.poll(() => seconds(page)).toBeCloseTo(2, 1);

    await page.goto('/clips');
    await page.getByRole('button', { name: /^Move .* down$/ }).first().click();
    await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
    await page.evaluate(() => {
      const video = document.querySelector('video')!;
      const seen: number[] = [];
      Object.assign(globalThis, { seen });
      const next: VideoFrameRequestCallback = (_now, { mediaTime }) => {
        if (!video.paused && !video.seeking) seen.push(mediaTime);
        video.requestVideoFrameCallback(next);
      };
      video.requestVideoFrameCallback(next);
    });
    const play = page.getByRole('button', { name: 'Play the reel' });
    const shown = async (): Promise<number[]> => {
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      await play.waitFor(); // it is over
      return page.evaluate(() => (globalThis as unknown as { seen: number[] }).seen.splice(0));
    };
    const SLACK = 0.12; // three frames of a machine that is busy
    for (let time = 0; time < 2; time++) {
      await play.click();
      const frames = await shown();
      const second = frames.findIndex((at) => at < 5);
      expect(second).toBeGreaterThan(0);
      for (const at of frames.slice(0, second)) expect(Math.abs(at - 10.5)).toBeLessThan(0.5 + SLACK);
      for (const at of frames.slice(second)) expect(Math.abs(at - 2.5)).toBeLessThan(0.5 + SLACK);
    }
  });

  it('is the same in two tabs', async () => {
    const { page, context } = site.opened;
    const other = await context.newPage();
    await other.goto('/clips');
    await other.getByRole('heading', { name: 'No clips yet' }).waitFor();
    await openVideo(page, '?from=2&to=3');
    await page.keyboard.press('c');
    await other.getByRole('button', { name: /^Remove / }).click();
    await page.getByRole('tab', { name: 'Clip list', exact: true }).waitFor(); // without a count
    await page.keyboard.press('c');
    await expect.poll(() => other.getByRole('button', { name: /^Remove / }).count()).toBe(1);
  });

  it('and times say that they cannot be copied from a page without TLS', async () => {
    const { page, context } = site.opened;
    await context.addInitScript(() => {
      Object.defineProperty(globalThis, 'isSecureContext', { value: false });
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
    });
    await openVideo(page, '?tab=segments');
    await page.getByRole('region', { name: 'Segments' }).getByRole('button').first().click({ modifiers: ['Alt'] });
    await page.getByText('Browsers copy from pages over HTTPS only:').waitFor();
  });
});

describe('an analysis', () => {
  it('shows how far it is, window by window, until it is there', async () => {
    const { page } = site.opened;
    await openVideo(page, '', site.product.long);
    await page.getByText(/^Analysed · /).waitFor();
    await page.evaluate(() => {
      const seen = new Set<string>();
      Object.assign(globalThis, { seen });
      const bar = document.querySelector('[role="progressbar"][aria-label="Analysis"]')!;
      const note = (): unknown => seen.add(`${bar.getAttribute('aria-valuenow')} ${bar.parentElement!.textContent}`);
      new MutationObserver(note).observe(bar.parentElement!, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    await page.getByRole('button', { name: 'Analyse again' }).click();
    await expect.poll(async () => (await read<{ data: { status: string }[] }>(`/v1/analyze/tasks?video_id=${site.product.long}`)).data.map(({ status }) => status), { timeout: 90_000 }).toEqual(['ready', 'ready']);
    await page.getByText(/^Analysed · /).waitFor();
    const seen = await page.evaluate(() => [...(globalThis as unknown as { seen: Set<string> }).seen]);
    const steps = seen.flatMap((text) => /^(\d+) Analysed \d+ % · (\d+) \/ (\d+) windows/.exec(text)?.slice(1).map(Number) ?? []);
    expect(steps.length, seen.join('\n')).toBeGreaterThan(3);
    const done = steps.filter((_, k) => k % 3 === 1);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(new Set(done).size).toBeGreaterThan(1);
    expect(seen.at(-1)).toMatch(/^100 Analysed · /);
  });
});

describe('a card of the library', () => {
  it('asks for its marks when it comes into sight', async () => {
    const { page, context } = await openPage(site.browser, site.product.baseUrl, { viewport: { width: 390, height: 480 } });
    const asked = new Set<string>();
    page.on('request', (request) => {
      const id = /\/v1\/videos\/([^/]+)\/segments/.exec(request.url())?.[1];
      if (id !== undefined) asked.add(id);
    });
    await page.goto('/');
    const [first, second] = [page.getByRole('article').first(), page.getByRole('article').nth(1)];
    await first.scrollIntoViewIfNeeded();
    await first.getByText(/\d+ events/).waitFor();
    await page.evaluate(() => scrollTo(0, 0));
    expect(asked.size).toBe(1);
    await second.scrollIntoViewIfNeeded();
    await second.getByText(/\d+ events/).waitFor();
    expect(asked.size).toBe(2);
    await context.close();
  });
});

describe('a narrow screen', () => {
  it('shows one lane, and another when it is chosen', async () => {
    const { page, context } = await openPage(site.browser, site.product.baseUrl, { viewport: { width: 390, height: 844 } });
    await openVideo(page);
    const lane = page.getByRole('combobox', { name: 'Lane' });
    const names = page.getByRole('group', { name: 'Lanes' });
    await expect.poll(() => lane.inputValue()).toBe('event');
    expect(await names.getByText('Shots').count()).toBe(0);
    await lane.selectOption('shot');
    await names.getByText('Shots').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await expect.poll(() => lane.inputValue()).toBe('shot');
    await context.close();
  });

  it('is told something without the way to other views being covered', async () => {
    const { page, context } = await openPage(site.browser, site.product.baseUrl, { viewport: { width: 390, height: 844 } });
    await openVideo(page, '?from=2&to=5');
    await page.getByRole('button', { name: 'Add to clip list' }).click();
    const [message, rail] = [page.getByText('Added to the clip list.'), page.getByRole('navigation', { name: 'Views' })];
    await message.waitFor();
    expect(await bottomOf(message)).toBeLessThanOrEqual(await topOf(rail));
    await context.close();
  });
});

const topOf = async (box: Locator): Promise<number> => (await box.boundingBox())!.y;
const bottomOf = async (box: Locator): Promise<number> => (await topOf(box)) + (await box.boundingBox())!.height;

describe('a selection', () => {
  it.each([`/videos/:id?from=2&to=5`, `/define?video=:id&from=2&to=5`])('covers nothing of the picture, at %s', async (address) => {
    const { page } = site.opened;
    await page.goto(address.replace(':id', site.product.short));
    const bar = page.getByRole('group', { name: 'Selection' });
    await bar.waitFor();
    expect(await bottomOf(page.locator('video'))).toBeLessThanOrEqual(await topOf(bar));
    expect(await bottomOf(bar)).toBeLessThanOrEqual(await topOf(page.getByRole('region', { name: 'Timeline' })));
  });
});

describe('a link', () => {
  const copied = (page: Page): Promise<URL> => page.evaluate(() => navigator.clipboard.readText()).then((text) => new URL(text));

  it('to the frame that is shown, and to an answer, is copied and opened elsewhere', async () => {
    const { page, context } = site.opened;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const [event] = await trueEvents('short_30s');
    await openVideo(page, '?t=12.4');
    await page.keyboard.press('y');
    await page.getByText('Copied a link to this frame').waitFor();
    expect((await copied(page)).searchParams.get('t')).toBe('12.4');
    await ask(page, event!.query);
    const answer = question(page, event!.query).getByRole('article', { name: 'Answer 1' });
    await answer.getByRole('button', { name: 'Link' }).click();
    await page.getByText('Copied a link to this moment').waitFor();
    const other = await context.newPage();
    await other.goto((await copied(page)).href);
    await question(other, event!.query).getByRole('article', { name: 'Answer 1' }).waitFor();
    await expect.poll(() => seconds(other)).toBeGreaterThan(event!.start_time - 1);
  });
});

describe('a clip that is taken off the list', () => {
  it('comes back where it was', async () => {
    const { page } = site.opened;
    const clips = [1, 2, 3].map((second) => ({ key: `${second}`, videoId: site.product.short, start: second, end: second + 1, text: `clip ${second}` }));
    await page.addInitScript((kept) => localStorage.setItem('clips', JSON.stringify(kept)), clips);
    await page.goto('/clips');
    const names = (): Promise<string[]> => page.getByRole('button', { name: /^Play clip/ }).evaluateAll((buttons) => buttons.map((button) => button.ariaLabel ?? ''));
    await page.getByRole('button', { name: 'Remove clip 2' }).click();
    await expect.poll(names).toEqual(['Play clip 1', 'Play clip 3']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(names).toEqual(['Play clip 1', 'Play clip 2', 'Play clip 3']);
    expect(await page.getByRole('button', { name: 'Move clip 3 down' }).isDisabled()).toBe(true);
  });
});
