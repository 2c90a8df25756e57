// How smoothly the page scrolls a long list of segments and moves over a full timeline, beside the same with few of them, in one real browser.
import chromiumFromNpm from '@sparticuz/chromium';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Figures, tell } from '../harness/report.js';
import { withProduct } from '../harness/product.js';
import { type FrameFigures, frameFigures, lateRatio } from './frame-figures.js';
import { fillVideo } from './fill-video.js';
import { moveTimeline, scrollList } from './motions.js';

export interface PageListOptions {
  readonly rows: number;
  readonly marks: number;
  readonly rounds: number;
}

const FEW = 100;
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];
const FLAGS = ['--no-sandbox', '--disable-dev-shm-usage', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** Few and many take turns, round after round, as the machine is shared. */
export async function pageList({ rows, marks, rounds }: PageListOptions): Promise<Figures> {
  return withProduct(async (product) => {
    const { id } = await product.api.upload(resolve('models/demo/long_4min.mp4'));
    const browser = await launch();
    try {
      const measured: Record<string, number[]> = { list_few: [], list_many: [], timeline_few: [], timeline_many: [] };
      let missing = 0;
      for (let round = 0; round < rounds; round++) {
        for (const [name, count, measure] of [['list_few', FEW, scrollList], ['list_many', rows, scrollList], ['timeline_few', FEW, moveTimeline], ['timeline_many', marks, moveTimeline]] as const) {
          await fillVideo(product.databaseUrl, id, count);
          const page = await open(browser, product.baseUrl, `/videos/${id}?tab=segments`, count);
          const { intervals, blank = 0 } = await measure(page);
          measured[name]?.push(...intervals);
          if (name === 'list_many') missing += blank;
          tell(`${name}, ${count} segments: ${JSON.stringify(frameFigures(intervals))}`);
          await page.context().close();
        }
      }
      const figures = Object.entries(measured).flatMap(([name, intervals]) => named(name, frameFigures(intervals)));
      const ratios = Object.fromEntries(['list', 'timeline'].map((name) => [`${name}_late_ratio`, lateRatio(measured[`${name}_many`] ?? [], measured[`${name}_few`] ?? [])]));
      return { list_rows: rows, timeline_segments: marks, ...Object.fromEntries(figures), list_many_frames_with_missing_rows: missing, ...ratios };
    } finally {
      await browser.close();
    }
  }, { WORKER_ROLES: 'delivery' });
}

const named = (name: string, figures: FrameFigures): [string, number][] => Object.entries(figures).map(([figure, value]: [string, number]) => [`${name}_${figure}`, value]);

async function launch(): Promise<Browser> {
  const installed = INSTALLED.find((path) => existsSync(path));
  return chromium.launch({ executablePath: installed ?? (await chromiumFromNpm.executablePath()), args: FLAGS, headless: true });
}

async function open(browser: Browser, baseURL: string, address: string, count: number): Promise<Page> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(address);
  const list = page.getByRole('region', { name: 'Segments' });
  await list.getByRole('listitem', { name: `1 of ${count}`, exact: true }).waitFor();
  await page.waitForLoadState('networkidle');
  return page;
}
