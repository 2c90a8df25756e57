// A worker that is killed in the middle of a cut: another makes the same file, and there is one of it.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoClip } from '../e2e/running-product.js';
import { BreakableProduct } from './breakable-product.js';

describe.skipIf(process.platform !== 'linux')('a worker killed while it cuts (Linux: reads /proc)', () => {
  let product: BreakableProduct;
  let clips: object[];

  beforeAll(async () => {
    product = await BreakableProduct.start({ env: { WORKER_ROLES: 'media' } });
    const { id } = await product.client.upload(demoClip('long_4min'));
    clips = [[10, 235], [0, 240], [3, 170]].map(([start_time, end_time]) => ({ video_id: id, start_time, end_time }));
  });
  afterAll(() => product?.stop());

  async function begun(): Promise<string> {
    const response = await fetch(`${product.baseUrl}/v1/cuts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ clips }) });
    return ((await response.json()) as { id: string }).id;
  }

  async function result(id: string): Promise<{ attempt: number; frames: number; sha256: string }> {
    const [row] = await product.untilRows<{ status: string; error_code: string | null; attempt: number }>('SELECT status, error_code, attempt FROM cuts WHERE id = $1 AND finished_at IS NOT NULL', [id]);
    expect(row).toMatchObject({ status: 'ready', error_code: null });
    const files = await product.rows<{ frames: number }>('SELECT frames FROM cut_files WHERE cut_id = $1', [id]);
    expect(files).toHaveLength(1);
    const content = Buffer.from(await (await fetch(`${product.baseUrl}/v1/cuts/${id}/content`)).arrayBuffer());
    return { attempt: row!.attempt, frames: files[0]!.frames, sha256: createHash('sha256').update(content).digest('hex') };
  }

  it('costs the time, and nothing else', async () => {
    const quiet = await result(await begun());
    const id = await begun();
    for (let kills = 0; kills < 2; kills++) {
      await product.untilRows(`SELECT 1 FROM cuts WHERE id = $1 AND status = 'processing' AND attempt = $2 AND lease_until > now() AND seconds_done > 0`, [id, kills + 1]);
      await product.worker.kill();
    }
    const disturbed = await result(id);
    expect(disturbed).toEqual({ ...quiet, attempt: 3 });
  });
});
