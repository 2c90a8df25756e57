// `npm run walkthrough`: the whole way in one moving picture, docs/screens/walkthrough.webp: three files dropped, a moment found in an hour, cut, handed over.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ffmpeg from '@ffmpeg-installer/ffmpeg';
import sharp from 'sharp';
import { root } from './install.mjs';
import { stagedProduct } from './staged-product.mjs';
import { translateBenches } from './translate-benches.mjs';

const [WIDTH, HEIGHT] = [1280, 800];
/** What is asked for begins after so many minutes of the hour. */
const LATE_MINUTES = 50;
/** Of the minutes in which the hour is analysed, a picture each so often. */
const LAPSE_MS = 2500;
const DEMO = resolve(root, 'models/demo');
/** The files that are dropped: a demo clip, a part of the other, and an hour of the benches. */
const DROPPED = ['take-1.mp4', 'b-roll.mp4', 'one-hour.mp4'];

const folder = mkdtempSync(join(tmpdir(), 'secondsight-walkthrough-'));
const { baseUrl, browser, stop } = await stagedProduct({ DATA_DIR: folder });
const { files, question } = await footage();
const frames = [];
try {
  const context = await browser.newContext({ baseURL: baseUrl, viewport: { width: WIDTH, height: HEIGHT }, locale: 'en-GB', reducedMotion: 'reduce', acceptDownloads: true });
  await context.addInitScript(() => localStorage.setItem('mantine-color-scheme-value', 'dark'));
  await walk(await context.newPage());
} finally {
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
const target = resolve(root, 'docs/screens/walkthrough.webp');
const { size } = await sharp(frames.map(({ picture }) => picture), { join: { animated: true } }).webp({ quality: 60, effort: 6, minSize: true, mixed: true, loop: 0, delay: frames.map(({ ms }) => ms) }).toFile(target);
process.stdout.write(`${target}: ${frames.length} pictures, ${(frames.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(0)} s, ${Math.round(size / 1000)} kB\n`);
process.exit(0);

async function walk(page) {
  const shoot = async (ms) => void frames.push({ ms, picture: await page.screenshot() });
  /** Shows what happens until it has happened, a picture every `every` ms. */
  const watch = async (happened, every = 400) => {
    let over = false;
    const wait = happened.finally(() => (over = true));
    while (!over) {
      await shoot(250);
      await Promise.race([wait, page.waitForTimeout(every)]);
    }
  };
  await page.goto('/');
  await page.getByRole('heading', { name: 'Drop videos here' }).waitFor();
  await shoot(1500);
  await drop(page);
  const card = (name) => page.getByRole('article').filter({ hasText: name });
  await watch(card(DROPPED[2]).waitFor({ timeout: 120_000 }));
  await watch(Promise.all(DROPPED.slice(0, 2).map((name) => card(name).getByText(/\d+ events/).waitFor({ timeout: 120_000 }))), 800);
  await page.getByRole('link', { name: DROPPED[2] }).first().click();
  await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
  await page.waitForTimeout(500);
  await watch(page.getByText(/^Analysed · \d+ windows/).waitFor({ timeout: 1_200_000 }), LAPSE_MS);
  await shoot(1500);
  const box = page.getByRole('search').getByRole('textbox');
  await box.focus();
  for (const part of question.match(/.{1,4}/g)) {
    await page.keyboard.type(part);
    await shoot(160);
  }
  await page.keyboard.press('Enter');
  const answer = page.getByRole('article', { name: 'Answer 1' });
  await watch(answer.waitFor());
  await page.waitForTimeout(600);
  await shoot(2600);
  await answer.getByRole('button', { name: 'Select' }).click();
  await shoot(900);
  const selection = page.getByRole('group', { name: 'Selection' });
  await selection.getByRole('button', { name: 'Zoom' }).click();
  await page.waitForTimeout(800);
  await shoot(1800);
  await answer.getByRole('button', { name: 'Clip' }).click();
  await shoot(900);
  await page.getByRole('link', { name: /^Clip list/ }).first().click();
  await page.getByRole('button', { name: 'Play the reel' }).waitFor();
  await page.waitForTimeout(500);
  await shoot(1400);
  const exports = page.getByRole('button', { name: /Export/ });
  await exports.click();
  await page.getByRole('menuitem', { name: 'MP4 players' }).hover();
  await shoot(1000);
  await page.getByRole('menuitem', { name: 'MP4 players' }).click();
  await watch(page.getByRole('link', { name: /^Download/ }).waitFor({ timeout: 60_000 }));
  await shoot(1500);
  await exports.click();
  await page.getByRole('menuitem', { name: /EDL/ }).hover();
  await shoot(1200);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /EDL/ }).click()]);
  await page.setContent(paper(download.suggestedFilename(), readFileSync(await download.path(), 'utf8')));
  await shoot(4000);
}

/** What was handed over, to be read. */
function paper(name, text) {
  return `<body style="margin:0;height:100vh;display:grid;place-content:center;background:#0f1115;color:#e7eaf0"><p style="font:600 20px Inter,sans-serif;color:#f5a524">${name}</p><pre style="font:18px/1.6 monospace;padding:28px;background:#161a21;border:1px solid #2a303b;border-radius:10px">${text.replace(/</g, '&lt;')}</pre></body>`;
}

/** What is dropped, and what is asked of the hour. */
async function footage() {
  await translateBenches();
  const [{ rendered }, { hourScene }, { truthOf }] = await Promise.all(['bench/hour/hour.js', 'bench/hour/hour-scene.js', 'src/world/first/scene.js'].map((path) => import(`../dist/${path}`)));
  const options = { seed: 1, minutes: 60, uneven: false };
  const scene = hourScene(options);
  const part = join(folder, 'part.mp4');
  execFileSync(ffmpeg.path, ['-loglevel', 'error', '-y', '-ss', '185', '-i', resolve(DEMO, 'long_4min.mp4'), '-t', '35', '-pix_fmt', 'yuv420p', part]);
  const files = [resolve(DEMO, 'short_30s.mp4'), part, await rendered(scene, folder, options)];
  return { files, question: truthOf(scene).find(({ start_time: start }) => start > LATE_MINUTES * 60).query };
}

async function drop(page) {
  const chooser = await page.evaluateHandle(() => Object.assign(document.createElement('input'), { type: 'file', multiple: true }));
  await chooser.setInputFiles(files);
  const transfer = await page.evaluateHandle(([{ files }, names]) => {
    const data = new DataTransfer();
    [...files].forEach((file, index) => data.items.add(new File([file], names[index], { type: 'video/mp4' })));
    return data;
  }, [chooser, DROPPED]);
  for (const type of ['dragover', 'drop']) await page.dispatchEvent('body', type, { dataTransfer: transfer });
}
