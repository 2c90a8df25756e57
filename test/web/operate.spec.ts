// The operation of a service that wants keys, in a real browser: signed in and out, keys, webhooks, alerts.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningProduct, startProduct, trueEvents } from '../e2e/running-product.js';
import { violations } from './axe.js';
import { launchBrowser, openPage, type OpenedPage } from './browser.js';
import { addAnalysed } from './library.js';

let browser: Browser;
let product: RunningProduct;
let receiver: Server;
const received: IncomingMessage['headers'][] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    received.push(request.headers);
    request.resume().on('end', () => response.end('thank you'));
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  [browser, product] = await Promise.all([launchBrowser(), startProduct({ AUTH: 'required', OUTGOING_ALLOW: '127.0.0.1' })]);
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  receiver?.close();
});

describe('a service that wants keys', () => {
  let opened: OpenedPage;
  beforeEach(async () => {
    opened = await openPage(browser, product.baseUrl);
  });
  afterEach(async () => {
    await opened.context.close();
    expect(opened.complaints).toEqual([]);
  });

  const answerWith = async (key: string): Promise<number> => (await fetch(`${product.baseUrl}/v1/videos`, { headers: { authorization: `Bearer ${key}` } })).status;

  const statusIn = (page: Page): Promise<number> => page.evaluate(async () => (await fetch('/v1/videos')).status);

  const signIn = async (address: string): Promise<void> => {
    const { page } = opened;
    await page.goto(address);
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await dialog.getByLabel('API key', { exact: true }).fill(product.key!);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'hidden' });
  };

  it('shows nothing before one has signed in, nor after one has signed out', async () => {
    const { page } = opened;
    await page.goto('/');
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await dialog.waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByLabel('API key', { exact: true }).fill('ss_live_nothing');
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.getByText('This is no key of this service.').waitFor();
    await signIn('/');
    await page.getByRole('heading', { name: 'Drop videos here' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Drop videos here' }).waitFor();
    expect(await statusIn(page)).toBe(200);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await dialog.waitFor();
    expect(await page.getByRole('heading', { name: 'Drop videos here' }).count()).toBe(0);
    expect(await statusIn(page)).toBe(401);
  });

  it('makes a key, shows it once, and revokes it', async () => {
    const { page } = opened;
    await signIn('/operate?panel=keys');
    await page.getByLabel('Name of the key').fill('cutting room');
    await page.getByRole('button', { name: 'Make a key' }).click();
    const shown = page.getByRole('status', { name: 'Key cutting room' });
    const key = await shown.getByRole('code').innerText();
    expect(await answerWith(key)).toBe(200);
    expect(await violations(page)).toEqual([]);
    await shown.getByRole('button', { name: 'Done' }).click();
    const row = page.getByRole('list', { name: 'Keys' }).getByRole('listitem').filter({ hasText: 'cutting room' });
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
    const { page } = opened;
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/told`;
    await signIn('/operate?panel=webhooks');
    await page.getByLabel('Address that is told').fill(url);
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
    await page.getByText('Nobody is told.').waitFor();
  });

  it('puts a standing alert to a new video, and leads to what it found', async () => {
    const { page } = opened;
    const [event] = await trueEvents('short_30s');
    await signIn('/operate?panel=alerts');
    await page.getByLabel('What to look for').fill(event!.query);
    await page.getByRole('button', { name: 'Add an alert' }).click();
    const row = page.getByRole('list', { name: 'Alerts' }).getByRole('listitem').first();
    await row.getByText('Moments found').click();
    await row.getByText('None yet.').waitFor();
    await addAnalysed(product.baseUrl, 'short_30s', { authorization: `Bearer ${product.key}` });
    await expect.poll(async () => (await page.reload(), await row.innerText()), { timeout: 30_000, interval: 1000 }).toContain('videos answered: 1');
    await row.getByText('Moments found').click();
    await row.getByRole('link', { name: 'short_30s.mp4' }).first().waitFor();
    expect(await violations(page)).toEqual([]);
    await row.getByRole('button', { name: 'Pause' }).click();
    await row.getByRole('button', { name: 'Resume' }).waitFor();
    await row.getByRole('link', { name: 'short_30s.mp4' }).first().click();
    await page.getByRole('article', { name: 'Answer 1' }).waitFor();
    await expect.poll(() => page.getByRole('search').getByRole('textbox').inputValue()).toBe(event!.query);
  });
});
