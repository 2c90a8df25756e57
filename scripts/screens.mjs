// `npm run screens`: pictures of every view, light and dark, wide and on a phone, of the real product on the demo clips, into docs/screens.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ffmpeg from '@ffmpeg-installer/ffmpeg';
import sharp from 'sharp';
import { root } from './install.mjs';
import { stagedProduct } from './staged-product.mjs';

/** Names of views; without any, all of them. */
const wanted = process.argv.slice(2);

/** Pictures are for looking at, not for measuring: so many colours are enough. */
const COLOURS = 128;

/** Parts of the long demo clip, so that the library is one: name, first second, seconds. */
const PARTS = [['take-1.mp4', 20, 75], ['take-2.mp4', 95, 40], ['take-3.mp4', 130, 55], ['b-roll.mp4', 185, 35]];

const { baseUrl, browser, api, json, upload, ready, stop } = await stagedProduct({ DATA_DIR: resolve(root, 'data/screens'), OUTGOING_ALLOW: '127.0.0.1' });
const folder = resolve(root, 'docs/screens');
mkdirSync(folder, { recursive: true });
try {
  const videos = await library();
  for (const scheme of ['dark', 'light']) await photograph(scheme, videos);
} finally {
  await stop();
}
process.exit(0);

/** Ids of the clips by name, analysed; what an earlier run left is used again. */
async function library() {
  const known = new Map((await api('/v1/videos')).data.map(({ name, id }) => [name, id]));
  const demo = (name) => resolve(root, 'models/demo', name);
  const add = async (name, bytes) => {
    if (known.has(name)) return;
    const id = await upload(name, bytes());
    known.set(name, id);
    await ready(await api('/v1/analyze/tasks', json({ video_id: id })));
  };
  for (const [name, first, seconds] of PARTS) {
    await add(name, () => {
      const file = resolve(root, 'data/screens', name);
      execFileSync(ffmpeg.path, ['-loglevel', 'error', '-y', '-ss', `${first}`, '-i', demo('long_4min.mp4'), '-t', `${seconds}`, '-pix_fmt', 'yuv420p', file]);
      return readFileSync(file);
    });
  }
  for (const name of ['short_30s.mp4', 'long_4min.mp4']) await add(name, () => readFileSync(demo(name)));
  await operated();
  return known;
}

/** A key, a webhook that nobody answers, an alert: what an operator has. */
async function operated() {
  const none = async (list) => (await api(list)).data.length === 0;
  if (await none('/v1/alerts')) await api('/v1/alerts', json({ query: 'a red triangle grows' }));
  if (await none('/v1/webhooks')) {
    const { id } = await api('/v1/webhooks', json({ url: 'http://127.0.0.1:9/moments' }));
    await api(`/v1/webhooks/${id}/ping`, { method: 'POST' });
  }
  if (await none('/v1/api-keys')) await api('/v1/api-keys', json({ name: 'cutting room', scopes: ['videos:read', 'videos:write'] }));
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

async function photograph(scheme, videos) {
  const [long, short] = [videos.get('long_4min.mp4'), videos.get('short_30s.mp4')];
  const ask = (id, query) => api(`/v1/videos/${id}/moments`, json({ query, curve: true }));
  const [found, none] = [await ask(long, 'blue square moves up'), await ask(short, 'blue square moves right')];
  const tried = await analysed(long);
  const clips = [{ key: 'a', videoId: long, start: 15.52, end: 27, text: 'blue square moves up' }, { key: 'b', videoId: short, start: 2.52, end: 7, text: 'red triangle grows' }];
  if ((await api('/v1/cuts')).data.length === 0) await api('/v1/cuts', json({ name: 'Two moves', clips: clips.map(({ videoId, start, end }) => ({ video_id: videoId, start_time: start, end_time: end })) }));
  const views = {
    library: '/',
    'library-table': '/?view=table',
    'library-empty': '/',
    video: `/videos/${long}?${new URLSearchParams({ q: 'blue square moves up', m: found.id, t: '18', a: found.data[0]?.id ?? '' })}`,
    selection: `/videos/${long}?tab=segments&from=29.5&to=47&v=20-80&t=34`,
    'not-in-video': `/videos/${short}?${new URLSearchParams({ q: 'blue square moves right', m: none.id })}`,
    search: '/search?q=red+triangle+grows',
    'search-picture': '/',
    clips: '/clips',
    define: `/define?${new URLSearchParams({ video: long, try: tried.id, from: '20', to: '80', t: '31' })}`,
    compare: `/videos/${long}/compare?t=31`,
    operate: '/operate',
    charts: '/operate?panel=charts',
    storage: '/operate?panel=storage',
    keys: '/operate?panel=keys',
    webhooks: '/operate?panel=webhooks',
    alerts: '/operate?panel=alerts',
    audit: '/operate?panel=audit',
    'sign-in': '/sign-in',
  };
  for (const [width, suffix] of [[1280, ''], [390, '-phone']]) {
    const context = await browser.newContext({ baseURL: baseUrl, viewport: { width, height: width === 390 ? 844 : 800 }, locale: 'en-GB', reducedMotion: 'reduce' });
    await context.addInitScript(({ scheme, clips }) => {
      localStorage.setItem('mantine-color-scheme-value', scheme);
      localStorage.setItem('clips', JSON.stringify(clips));
    }, { scheme, clips });
    const page = await context.newPage();
    for (const [name, address] of Object.entries(views)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      if (name === 'library-empty') await page.route('**/v1/videos?*', (route) => route.fulfill({ json: { object: 'list', data: [], next_cursor: null } }));
      await page.goto(address);
      await page.waitForLoadState('networkidle');
      await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
      if (name === 'search-picture') await lookFor(page, `/v1/videos/${short}/thumbnail?t=5`);
      await page.waitForTimeout(500); // the picture that was sought is drawn after the network rests
      await sharp(await page.screenshot()).png({ palette: true, colours: COLOURS, effort: 10 }).toFile(resolve(folder, `${name}${suffix}-${scheme}.png`));
      await page.unrouteAll();
    }
    await context.close();
  }
}

/** Gives the ask box a picture, as if it were chosen from a folder. */
async function lookFor(page, address) {
  const buffer = Buffer.from(await (await fetch(baseUrl + address)).arrayBuffer());
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Look for a picture' }).click()]);
  await chooser.setFiles({ name: 'still.jpg', mimeType: 'image/jpeg', buffer });
  await page.getByRole('region', { name: 'Pictures' }).getByRole('article').first().waitFor();
  await page.waitForLoadState('networkidle');
}
