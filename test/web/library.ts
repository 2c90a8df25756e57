// A running product with an analysed clip, for tests of the page.
import { readFile } from 'node:fs/promises';
import { demoClip, startProduct, type RunningProduct } from '../e2e/running-product.js';

export interface Library extends RunningProduct {
  /** Ids of the analysed demo clips. */
  readonly short: string;
  readonly long: string;
}

export async function startLibrary(): Promise<Library> {
  const product = await startProduct();
  try {
    const [short, long] = [await addAnalysed(product.baseUrl, 'short_30s'), await addAnalysed(product.baseUrl, 'long_4min')];
    return { ...product, short, long };
  } catch (error) {
    await product.stop();
    throw error;
  }
}

/** `headers` for a service that wants keys. */
export async function addAnalysed(baseUrl: string, name: 'short_30s' | 'long_4min', headers: Record<string, string> = {}): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(await readFile(demoClip(name)))]), `${name}.mp4`);
  const { id } = await json<{ id: string }>(`${baseUrl}/v1/videos`, { method: 'POST', headers, body: form });
  let task = await json<{ id: string; status: string }>(`${baseUrl}/v1/analyze/tasks`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ video_id: id }) });
  while (task.status === 'queued' || task.status === 'processing') {
    await new Promise((resolve) => setTimeout(resolve, 300));
    task = await json(`${baseUrl}/v1/analyze/tasks/${task.id}`, { headers });
  }
  if (task.status !== 'ready') throw new Error(`the analysis of ${name} is ${task.status}`);
  return id;
}

async function json<T>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
