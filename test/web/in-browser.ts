// A running product with a browser in front of it, and for each test a fresh page that must not complain.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { RunningProduct } from '../e2e/running-product.js';
import { launchBrowser, openPage, type OpenedPage } from './browser.js';

export interface InBrowser<Product> {
  readonly browser: Browser;
  readonly product: Product;
  readonly opened: OpenedPage;
}

/** For the tests of the file or group that calls it; what it returns may be read inside of them. */
export function inBrowser<Product extends RunningProduct>(start: () => Promise<Product>): InBrowser<Product> {
  const running = {} as { browser: Browser; product: Product; opened: OpenedPage };
  beforeAll(async () => {
    [running.browser, running.product] = await Promise.all([launchBrowser(), start()]);
  });
  afterAll(async () => {
    await running.browser?.close();
    await running.product?.stop();
  });
  beforeEach(async () => {
    running.opened = await openPage(running.browser, running.product.baseUrl);
  });
  afterEach(async () => {
    await running.opened.context.close();
    expect(running.opened.complaints).toEqual([]);
  });
  return running;
}
