// The operation of a service that wants keys, in a real browser: signed in and out, keys, webhooks, alerts, charts, storage, audit.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct, trueEvents } from '../e2e/running-product.js';
import { violations } from './axe.js';
import { openPage } from './browser.js';
import { inBrowser } from './in-browser.js';
import { addAnalysed } from './library.js';

let receiver: Server;
const received: IncomingMessage['headers'][] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    received.push(request.headers);
    request.resume().on('end', () => response.end('thank you'));
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void receiver?.close());

describe('a service that wants keys', () => {
  const site = inBrowser(() => startProduct({ AUTH: 'required', OUTGOING_ALLOW: '127.0.0.1' }));

  const answerWith = async (key: string): Promise<number> => (await fetch(`${site.product.baseUrl}/v1/videos`, { headers: { authorization: `Bearer ${key}` } })).status;

  /** Samples as the service would have taken them: seconds ago, and how many requests it had refused by then. */
  const measured = async (samples: readonly (readonly [secondsAgo: number, refused: number])[]): Promise<void> => {
    const database = new pg.Client({ connectionString: site.product.databaseUrl });
    await database.connect();
    for (const [secondsAgo, refused] of samples) {
      const turn = `date_bin('15 seconds', now(), 'epoch') - make_interval(secs => $1)`;
      await database.query(`INSERT INTO metric_samples (at, "values") VALUES (${turn}, $2) ON CONFLICT (at) DO UPDATE SET "values" = $2`, [secondsAgo, JSON.stringify({ 'errors.4xx': refused, 'errors.5xx': 0 })]);
    }
    await database.end();
  };

  const statusIn = (page: Page): Promise<number> => page.evaluate(async () => (await fetch('/v1/videos')).status);

  const signIn = async (address: string, key = site.product.key!): Promise<void> => {
    const { page } = site.opened;
    await page.goto(address);
    const form = page.getByRole('form', { name: 'Sign in' });
    await form.getByLabel('API key', { exact: true }).fill(key);
    await form.getByRole('button', { name: 'Sign in' }).click();
    await form.waitFor({ state: 'detached' });
  };

  it('shows nothing before one has signed in, nor after one has signed out', async () => {
    const { page } = site.opened;
    await page.goto('/');
    const form = page.getByRole('form', { name: 'Sign in' });
    await form.waitFor();
    expect(await violations(page)).toEqual([]);
    await form.getByLabel('API key', { exact: true }).fill('ss_live_nothing');
    await form.getByRole('button', { name: 'Sign in' }).click();
    await form.getByText('This is no key of this service.').waitFor();
    await signIn('/');
    await page.getByRole('heading', { name: 'Drop videos here' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Drop videos here' }).waitFor();
    expect(await statusIn(page)).toBe(200);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await form.waitFor();
    expect(await page.getByRole('heading', { name: 'Drop videos here' }).count()).toBe(0);
    expect(await statusIn(page)).toBe(401);
  });

  it('leads back to where one was, and nowhere else', async () => {
    const { page } = site.opened;
    const place = () => new URL(page.url()).pathname + new URL(page.url()).search;
    await signIn('/operate?panel=storage');
    await expect.poll(place).toBe('/operate?panel=storage');
    await page.goto('/sign-in?to=https://elsewhere.invalid/');
    await page.getByText('You are signed in.').waitFor();
    expect(await page.getByRole('link', { name: 'Go on' }).getAttribute('href')).toBe('/');
  });

  it('shows a key of few rights no tab that it may not open', async () => {
    const { page } = site.opened;
    const made = await fetch(`${site.product.baseUrl}/v1/api-keys`, { method: 'POST', headers: { authorization: `Bearer ${site.product.key}`, 'content-type': 'application/json' }, body: JSON.stringify({ name: 'watcher', scopes: ['videos:read', 'webhooks:manage'] }) });
    await signIn('/operate', ((await made.json()) as { key: string }).key);
    const tabs = page.getByRole('navigation', { name: 'Operation' }).getByRole('link');
    await expect.poll(() => tabs.allInnerTexts()).toEqual(['Work', 'Webhooks', 'Alerts']);
    await page.getByRole('region', { name: 'Workers' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('makes a key, shows it once, and revokes it', async () => {
    const { page } = site.opened;
    await signIn('/operate?panel=keys');
    await page.getByLabel('Name of the key').fill('cutting room');
    await page.getByLabel('Last day').fill('2091-12-31');
    await page.getByRole('button', { name: 'Make a key' }).click();
    const shown = page.getByRole('status', { name: 'Key cutting room' });
    const key = await shown.getByRole('code').innerText();
    expect(await answerWith(key)).toBe(200);
    expect(await violations(page)).toEqual([]);
    await shown.getByRole('button', { name: 'Done' }).click();
    const row = page.getByRole('list', { name: 'Keys' }).getByRole('listitem').filter({ hasText: 'cutting room' });
    await row.getByText(/expires: 31\/12\/2091/).waitFor();
    await row.getByText('Change when cutting room ends').click();
    await row.getByLabel('Last day').fill('');
    await row.getByRole('button', { name: 'Save' }).click();
    await row.getByText('expires: never').waitFor();
    await row.getByRole('button', { name: 'Revoke cutting room' }).click();
    expect(await answerWith(key)).toBe(200); // it asks first
    await row.getByRole('button', { name: 'Revoke cutting room for good' }).click();
    await row.getByText('revoked').waitFor();
    expect(await answerWith(key)).toBe(401);
    await page.reload();
    await row.waitFor();
    expect(await page.content()).not.toContain(key);
  });

  it('tries a webhook, shows what it answered, and tells it again', async () => {
    const { page } = site.opened;
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/told`;
    await signIn('/operate?panel=webhooks');
    await page.getByLabel('Address (URL)').fill(url);
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    const secret = page.getByRole('status', { name: `Secret of ${url}` }).getByRole('code');
    const first = await secret.innerText();
    expect(first).toMatch(/^whsec_/);
    const row = page.getByRole('list', { name: 'Webhooks' }).getByRole('listitem').first();
    await row.getByRole('button', { name: 'Ping' }).click();
    const delivery = row.getByRole('list', { name: 'Deliveries' }).getByRole('listitem').filter({ hasText: 'webhook.ping' });
    await delivery.getByText('delivered').waitFor();
    await delivery.locator('summary').click();
    await delivery.getByText('thank you').waitFor();
    expect(await violations(page)).toEqual([]);
    await delivery.getByRole('button', { name: 'Send again' }).click();
    await delivery.getByText('2 attempts').waitFor();
    await delivery.getByText('Attempt 2: 200').waitFor();
    expect(received.map((headers) => headers['webhook-id'])).toEqual([received[0]!['webhook-id'], received[0]!['webhook-id']]);
    await row.getByRole('button', { name: 'New secret' }).click();
    await expect.poll(() => secret.innerText()).not.toBe(first);
    await row.getByRole('button', { name: `Delete ${url}` }).click();
    await row.getByRole('button', { name: `Delete ${url} for good` }).click();
    await page.getByText(/^No webhook yet/).waitFor();
  });

  it('puts a standing alert to a new video, and leads to what it found', async () => {
    const { page } = site.opened;
    const [event] = await trueEvents('short_30s');
    await signIn('/operate?panel=alerts');
    await page.getByLabel('What to look for').fill(event!.query);
    await page.getByRole('button', { name: 'Add an alert' }).click();
    const row = page.getByRole('list', { name: 'Alerts' }).getByRole('listitem').first();
    await row.getByText('Moments found').click();
    await row.getByText('None yet.').waitFor();
    await addAnalysed(site.product.baseUrl, 'short_30s', { authorization: `Bearer ${site.product.key}` });
    await expect.poll(async () => (await page.reload(), await row.innerText()), { timeout: 30_000, interval: 1000 }).toContain('videos answered: 1');
    await row.getByText('Moments found').click();
    await row.getByRole('link', { name: 'short_30s.mp4' }).first().waitFor();
    expect(await violations(page)).toEqual([]);
    await row.getByText(`Change the least confidence of ${event!.query}`).click();
    await row.getByRole('slider').press('End');
    await row.getByRole('slider').press('ArrowLeft');
    await row.getByRole('slider').press('ArrowLeft');
    await row.getByRole('button', { name: 'Save' }).click();
    await row.getByText('at least 90 % sure').waitFor();
    await row.getByRole('button', { name: 'Pause' }).click();
    await row.getByRole('button', { name: 'Resume' }).waitFor();
    await row.getByRole('link', { name: 'short_30s.mp4' }).first().click();
    await page.getByRole('article', { name: 'Answer 1' }).waitFor();
    await expect.poll(() => page.getByRole('search').getByRole('textbox').inputValue()).toBe(event!.query);
  });

  it('draws how it was, also after a reload, with the numbers as a table', async () => {
    const { page } = site.opened;
    await signIn('/operate?panel=charts');
    const chart = page.getByRole('figure', { name: 'Requests that failed' });
    await measured([[120, 5], [105, 35]]);
    await page.reload();
    await expect.poll(() => chart.getByRole('img').getAttribute('aria-label')).toContain('at most 120;');
    await chart.getByText('As a table').press('Enter');
    await expect.poll(() => chart.getByRole('cell', { name: '120', exact: true }).count()).toBe(1);
    for (const name of ['Work that waits', 'Windows looked at', 'Tokens of the model', 'Webhook attempts']) await page.getByRole('figure', { name, exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: '1 day' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('span')).toBe('1d');
  });

  it('shows what is stored, and what a rule of retention would free', async () => {
    const { page } = site.opened;
    await addAnalysed(site.product.baseUrl, 'short_30s', { authorization: `Bearer ${site.product.key}` });
    await signIn('/operate?panel=storage');
    const row = page.getByRole('list', { name: 'Tenants' }).getByRole('listitem').filter({ hasText: 'default' });
    await row.getByText('kept for ever, videos kept for ever').waitFor();
    await row.getByText('Change how long').click();
    await row.getByLabel('Remove bytes and pictures after days').fill('5');
    expect(await violations(page)).toEqual([]);
    await row.getByRole('button', { name: 'Save' }).click();
    await row.getByText('bytes kept for 5 days').waitFor();
    const size = /· (\S+\s\S+) · would free 0\sbytes now, \1 within/;
    await expect.poll(() => row.innerText()).toMatch(size);
    await row.getByText('Change how long').click();
    await row.getByRole('button', { name: 'As configured' }).click();
    await row.getByText('as configured').waitFor();
  });

  it('says who changed what', async () => {
    const { page } = site.opened;
    await signIn('/operate?panel=audit');
    const list = page.getByRole('list', { name: 'Audit' });
    await list.getByText('removed the retention rule of tenant').waitFor();
    await page.getByLabel('Action').selectOption({ label: 'revoked the key' });
    const revoked = list.getByRole('listitem');
    await expect.poll(() => revoked.count()).toBe(1);
    expect(await revoked.innerText()).toMatch(/first key revoked the key cutting room[\s\S]*from 127\.0\.0\.1 · request [\w-]+/);
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await expect.poll(() => revoked.count()).toBe(1);
    await page.getByLabel('Action').selectOption({ label: 'all actions' });
    await list.getByRole('button', { name: 'cutting room' }).first().press('Enter');
    await expect.poll(async () => (await list.getByRole('listitem').allInnerTexts()).map((text) => /(made|changed|revoked) the key/.exec(text)?.[1])).toEqual(['revoked', 'changed', 'made']);
  });

  it('has views that all can use, light and dark, wide and narrow', async () => {
    await signIn('/operate');
    const state = await site.opened.context.storageState();
    for (const [scheme, width] of [['light', 1280], ['dark', 390]] as const) {
      const other = await openPage(site.browser, site.product.baseUrl, { scheme, viewport: { width, height: 844 }, storageState: state });
      for (const address of ['/operate', '/operate?panel=charts', '/operate?panel=storage', '/operate?panel=audit', '/operate?panel=keys', '/operate?panel=alerts', '/sign-in']) {
        await other.page.goto(address);
        await other.page.waitForLoadState('networkidle');
        expect(await violations(other.page), `${address} ${scheme} ${width}`).toEqual([]);
        expect(await other.page.evaluate(() => document.documentElement.scrollWidth), `${address} ${width}`).toBeLessThanOrEqual(width);
      }
      expect(other.complaints).toEqual([]);
      await other.context.close();
    }
  });
});
