// A browser for the tests: one that is installed, else the one from npm; and pages that fail on what a user would only find in the console.
import chromiumFromNpm from '@sparticuz/chromium';
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Needed where there is no screen and no sandbox of its own. */
const FLAGS = ['--no-sandbox', '--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--force-color-profile=srgb', '--hide-scrollbars'];

export async function launchBrowser(): Promise<Browser> {
  const installed = INSTALLED.find((path) => existsSync(path));
  return chromium.launch({ executablePath: installed ?? (await chromiumFromNpm.executablePath()), args: FLAGS, headless: true });
}

export interface OpenedPage {
  readonly page: Page;
  /** Errors of scripts, and requests that the page's own rules refused. */
  readonly complaints: string[];
  readonly context: BrowserContext;
}

export async function openPage(browser: Browser, baseURL: string, options: BrowserContextOptions & { scheme?: 'light' | 'dark' } = {}): Promise<OpenedPage> {
  const { scheme = 'dark', ...rest } = options;
  const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 800 }, locale: 'en-GB', reducedMotion: 'reduce', acceptDownloads: true, ...rest });
  await context.addInitScript((value) => localStorage.setItem('mantine-color-scheme-value', value), scheme);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  return { page, complaints, context };
}
