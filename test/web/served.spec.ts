// How the service serves the page, and that the page's types are those of the API.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiTypes, typesFile } from '../../scripts/api-types.mjs';
import { type RunningProduct, startProduct } from '../e2e/running-product.js';

let product: RunningProduct;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

const get = (path: string, headers: Record<string, string> = {}) => fetch(product.baseUrl + path, { headers });

describe('the page', () => {
  it.each(['/', '/videos/01a20e77-8bcf-7000-9c3d-2357279da036', '/videos/01a20e77-8bcf-7000-9c3d-2357279da036/compare', '/search?q=a', '/clips', '/define', '/operate', '/sign-in'])('is served at %s, asked for again each time', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<div id="root">');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self';");
  });

  it('has scripts that are kept for ever, compressed for whoever takes that', async () => {
    const [script] = /\/assets\/index-[\w-]+\.js/.exec(await (await get('/')).text()) ?? [''];
    const [zipped, plain] = [await get(script), await get(script, { 'accept-encoding': 'identity' })];
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await zipped.text()).toBe(await plain.text());
    expect(plain.headers.get('cache-control')).toContain('immutable');
    expect(plain.headers.get('content-type')).toContain('javascript');
  });

  it('leaves every other address to the API', async () => {
    expect((await get('/health/live')).headers.get('content-type')).toContain('json');
    expect((await get('/openapi.json')).status).toBe(200);
    expect((await get('/docs')).status).toBe(200);
    for (const path of ['/v1/nothing', '/nothing', '/assets/nothing.js', '/demo/nothing.mp4', '/assets/..%2f..%2fpackage.json']) {
      const response = await get(path);
      expect([400, 404], path).toContain(response.status);
      expect(response.headers.get('content-type'), path).toContain('application/problem+json');
      expect(response.headers.get('cache-control') ?? '', path).not.toContain('immutable');
    }
  });

  it('knows the API as it is', async () => {
    expect(await readFile(typesFile, 'utf8'), 'run npm run api-types').toBe(await apiTypes());
  });
});
