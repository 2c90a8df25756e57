// `npm run screens`: pictures of every view, light and dark, of the real product on the demo clips, into docs/screens.
import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import chromiumFromNpm from '@sparticuz/chromium';
import { chromium } from 'playwright-core';
import { build } from './build.mjs';
import { install, root } from './install.mjs';

if (!install() || !build()) process.exit(1);
const { startStack } = await import('../dist/src/cli/stack.js');
const folder = resolve(root, 'docs/screens');
mkdirSync(folder, { recursive: true });
const stack = await startStack({ env: { PORT: '0', DATA_DIR: resolve(root, 'data/screens') } });
const browser = await chromium.launch({ executablePath: await chromiumFromNpm.executablePath(), args: ['--no-sandbox', '--hide-scrollbars', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] });
try {
  const videos = await library();
  for (const scheme of ['dark', 'light']) await photograph(scheme, videos);
} finally {
  await browser.close();
  await stack.stop();
}
process.exit(0);

/** Ids of the demo clips by name, analysed; what an earlier run left is used again. */
async function library() {
  const known = new Map((await api('/v1/videos')).data.map(({ name, id }) => [name, id]));
  for (const name of ['short_30s.mp4', 'long_4min.mp4']) {
    if (known.has(name)) continue;
    const form = new FormData();
    form.append('file', new Blob([readFileSync(resolve(root, 'models/shapeworld-0/demo', name))]), name);
    const { id } = await api('/v1/videos', { method: 'POST', body: form });
    known.set(name, id);
    await ready(await api('/v1/analyze/tasks', json({ video_id: id })));
  }
  return known;
}

/** Kinds of segments that were tried on a part of the clip; that makes it a second analysis to compare with. */
async function analysed(videoId) {
  const kinds = [
    { name: 'moves', description: 'An object moves across the picture.', fields: [{ name: 'colour', type: 'string', enum: ['red', 'green', 'blue', 'yellow', 'white', 'purple'] }] },
    { name: 'grows', description: 'An object becomes larger.' },
  ];
  const known = (await api(`/v1/analyze/tasks?video_id=${videoId}`)).data;
  for (const wanted of [{ end_time: 120 }, { segment_definitions: kinds, start_time: 20, end_time: 80 }]) {
    if (known.some(({ segment_definitions: defined, end_time: end }) => (wanted.segment_definitions ? defined !== null : end === wanted.end_time))) continue;
    known.push(await ready(await api('/v1/analyze/tasks', json({ video_id: videoId, ...wanted }))));
  }
  if ((await api('/v1/presets')).data.length === 0) await api('/v1/presets', json({ name: 'Motion', segment_definitions: kinds }));
  return known.find(({ segment_definitions: defined }) => defined !== null);
}

async function ready(begun) {
  let task = begun;
  while (task.status === 'queued' || task.status === 'processing') {
    await new Promise((done) => setTimeout(done, 500));
    task = await api(`/v1/analyze/tasks/${task.id}`);
  }
  return task;
}

async function photograph(scheme, videos) {
  const [long, short] = [videos.get('long_4min.mp4'), videos.get('short_30s.mp4')];
  const ask = (query) => api(`/v1/videos/${long}/moments`, json({ query, curve: true }));
  const [found, none] = [await ask('blue square moves up'), await ask('purple ring moves left')];
  const tried = await analysed(long);
  const clips = [{ key: 'a', videoId: long, start: 15.52, end: 27, text: 'blue square moves up' }, { key: 'b', videoId: short, start: 2.52, end: 7, text: 'red triangle grows' }];
  const views = {
    library: '/',
    video: `/videos/${long}?${new URLSearchParams({ q: 'blue square moves up', m: found.id, t: '18', a: found.data[0]?.id ?? '' })}`,
    selection: `/videos/${long}?tab=segments&from=29.5&to=47&v=20-80&t=34`,
    'not-in-video': `/videos/${long}?${new URLSearchParams({ q: 'purple ring moves left', m: none.id })}`,
    search: '/search?q=red+circle',
    clips: '/clips',
    define: `/define?${new URLSearchParams({ video: long, try: tried.id, from: '20', to: '80', t: '31' })}`,
    compare: `/videos/${long}/compare?t=31`,
    operate: '/operate',
    charts: '/operate?panel=charts',
    storage: '/operate?panel=storage',
    audit: '/operate?panel=audit',
    'sign-in': '/sign-in',
  };
  for (const [width, suffix] of [[1280, ''], [390, '-phone']]) {
    const context = await browser.newContext({ baseURL: stack.baseUrl, viewport: { width, height: width === 390 ? 844 : 800 }, locale: 'en-GB', reducedMotion: 'reduce' });
    await context.addInitScript(({ scheme, clips }) => {
      localStorage.setItem('mantine-color-scheme-value', scheme);
      localStorage.setItem('clips', JSON.stringify(clips));
    }, { scheme, clips });
    const page = await context.newPage();
    for (const [name, address] of Object.entries(views)) {
      await page.goto(address);
      await page.waitForLoadState('networkidle');
      await page.waitForTimeout(800); // the picture that was sought is drawn after the network rests
      await page.screenshot({ path: resolve(folder, `${name}${suffix}-${scheme}.png`) });
    }
    await context.close();
  }
}

function json(body) {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function api(path, init) {
  const response = await fetch(stack.baseUrl + path, init);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
