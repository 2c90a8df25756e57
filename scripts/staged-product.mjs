// The built product with a browser in front of it, for the scripts that take pictures of it.
import chromiumFromNpm from '@sparticuz/chromium';
import { chromium } from 'playwright-core';
import { build } from './build.mjs';
import { install } from './install.mjs';

/** `env` overrides the configuration; ends the process where it cannot be built. */
export async function stagedProduct(env) {
  if (!install() || !build()) process.exit(1);
  const { startStack } = await import('../dist/src/cli/stack.js');
  const stack = await startStack({ env: { PORT: '0', ...env } });
  const browser = await chromium.launch({ executablePath: await chromiumFromNpm.executablePath(), args: ['--no-sandbox', '--hide-scrollbars', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] });

  async function api(path, init) {
    const response = await fetch(stack.baseUrl + path, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }

  return {
    baseUrl: stack.baseUrl,
    browser,
    api,
    json: (body) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    /** Returns the id of the video. */
    async upload(name, bytes) {
      const form = new FormData();
      form.append('file', new Blob([bytes]), name);
      return (await api('/v1/videos', { method: 'POST', body: form })).id;
    },
    /** The analysis when it has ended. */
    async ready(begun) {
      let task = begun;
      while (task.status === 'queued' || task.status === 'processing') {
        await new Promise((done) => setTimeout(done, 500));
        task = await api(`/v1/analyze/tasks/${task.id}`);
      }
      return task;
    },
    async stop() {
      await browser.close();
      await stack.stop();
    },
  };
}
