// Standing alerts on a real Postgres: put to every new video once, and told of with the moments they found.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AlertFollowUp } from '../../src/alerts/index.js';
import { AlertsService } from '../../src/alerts/alerts.service.js';
import { type KnownEvent, type QuestionService, startQuestionService } from './question-service.js';

interface Json {
  readonly id: string;
  readonly data: readonly Record<string, unknown>[];
  readonly [name: string]: unknown;
}

let service: QuestionService;

beforeAll(async () => {
  service = await startQuestionService({ OUTGOING_ALLOW: '127.0.0.1' });
});
afterAll(() => service?.stop());
beforeEach(async () => {
  await service.db.query('DELETE FROM alerts');
  await service.db.query('DELETE FROM webhook_endpoints');
  await service.db.query('DELETE FROM videos');
});

const follow = (videoId: string): Promise<void> => service.app.get(AlertFollowUp).follow(videoId);
const due = async (): Promise<string[]> => [...new Set((await service.app.get(AlertFollowUp).due()).map(({ id }) => id))];
const read = async (path: string): Promise<Json> => (await (await fetch(service.baseUrl + path)).json()) as Json;
const alert = async (body: object): Promise<Json> => (await service.post<Json>('/v1/alerts', body)).body;
const messages = (): Promise<{ type: string; data: Record<string, unknown> }[]> =>
  service.db.query<{ body: string }[]>('SELECT body FROM webhook_messages ORDER BY id').then((rows) => rows.map(({ body }) => JSON.parse(body) as never));

const windows = [{ start: 0, end: 30 }, { start: 30, end: 60 }];

async function analysedVideo(events: readonly KnownEvent[]): Promise<string> {
  const { id } = await service.addVideo({ duration: 60, events });
  await service.addTask(id, { end: 60, windows });
  return id;
}

/** Asks, waits for the model, and settles. */
async function followed(videoId: string): Promise<void> {
  await follow(videoId);
  await expect.poll(async () => (await service.db.query<unknown[]>('SELECT 1 FROM moment_queries WHERE finished_at IS NULL')).length, { timeout: 30_000 }).toBe(0);
  await follow(videoId);
}

describe('an alert', () => {
  it('is put to a new video once, and tells of each moment found', async () => {
    await service.post('/v1/webhooks', { url: 'http://127.0.0.1:9/', events: ['alert.matched'] });
    const { id } = await alert({ query: 'a red circle' });
    const videoId = await analysedVideo([{ text: 'a red circle', start: 10, end: 14 }]);
    expect(await due()).toEqual([videoId]);
    await followed(videoId);
    expect(await due()).toEqual([]);
    const { data } = await read(`/v1/alerts/${id}/matches`);
    expect(data).toHaveLength(1);
    const [match] = data;
    expect(match).toMatchObject({ alert_id: id, video_id: videoId, start_time: expect.closeTo(10, 0) as number, end_time: expect.closeTo(14, 0) as number });
    const evidence = `/v1/videos/${videoId}/moments/${match!['question_id'] as string}`;
    expect(await messages()).toMatchObject([
      { type: 'alert.matched', data: { alert_id: id, match_id: match!['id'], video_id: videoId, query: 'a red circle', url: evidence, moment: { confidence: match!['confidence'] } } },
    ]);
    expect(await read(evidence)).toMatchObject({ query: 'a red circle', answer: 'found' });
    expect(await read(`/v1/alerts/${id}`)).toMatchObject({ videos: { asked: 0, answered: 1, failed: 0 } });
    await service.addTask(videoId, { end: 60, windows }); // looked at again: not a new video
    expect(await due()).toEqual([]);
    await follow(videoId);
    expect(await messages()).toHaveLength(1);
  });

  it('tells nothing of a video that does not show it, nor of what is not sure enough', async () => {
    await service.post('/v1/webhooks', { url: 'http://127.0.0.1:9/', events: ['alert.matched'] });
    const { id } = await alert({ query: 'a red circle', min_confidence: 1 });
    const { id: other } = await alert({ query: 'a blue square' });
    await followed(await analysedVideo([{ text: 'a red circle', start: 10, end: 14 }]));
    expect(await messages()).toEqual([]);
    expect((await read(`/v1/alerts/${id}/matches`)).data).toEqual([]);
    expect(await read(`/v1/alerts/${other}`)).toMatchObject({ videos: { answered: 1 } });
  });

  it('is not put to a video that was analysed before, in part, by a name that it does not want, or that is another tenant’s', async () => {
    await analysedVideo([]);
    await alert({ query: 'a red circle', filter: { video_name: 'GATE' } });
    const { id: half } = await service.addVideo({ duration: 60 });
    await service.addTask(half, { end: 20, windows: [{ start: 0, end: 20 }] });
    const foreign = await analysedVideo([]);
    await service.db.query(`UPDATE videos SET tenant_id = 'other' WHERE id = $1`, [foreign]);
    expect(await due()).toEqual([]);
    const wrong = await analysedVideo([]);
    const right = await analysedVideo([]);
    await service.db.query(`UPDATE videos SET name = 'north gate.mp4' WHERE id = $1`, [right]);
    for (const id of await due()) await follow(id);
    expect(await service.db.query('SELECT video_id, status FROM alert_questions ORDER BY video_id')).toEqual([
      { video_id: wrong, status: 'left_out' },
      { video_id: right, status: 'asked' },
    ]);
  });

  it('whose process died between asking and telling is taken up again, and tells once', async () => {
    await service.post('/v1/webhooks', { url: 'http://127.0.0.1:9/' });
    await alert({ query: 'a red circle' });
    const videoId = await analysedVideo([{ text: 'a red circle', start: 10, end: 14 }]);
    await follow(videoId);
    await expect.poll(due, { timeout: 30_000 }).toEqual([videoId]); // the question is answered, and nobody was told
    await Promise.all([follow(videoId), follow(videoId)]);
    expect((await messages()).map(({ type }) => type)).toEqual(['alert.matched']);
  });

  it('that is deleted while its answer is settled is gone, and nobody waits for ever', async () => {
    await service.post('/v1/webhooks', { url: 'http://127.0.0.1:9/' });
    const { id } = await alert({ query: 'a red circle' });
    const videoId = await analysedVideo([{ text: 'a red circle', start: 10, end: 14 }]);
    await follow(videoId);
    await expect.poll(due, { timeout: 30_000 }).toEqual([videoId]);
    const settling = await service.db.transaction(async (manager) => {
      await manager.query('SELECT 1 FROM alerts WHERE id = $1 FOR UPDATE', [id]); // as a deletion begins
      const settled = Promise.allSettled([follow(videoId)]);
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
      await expect.poll(async () => (await service.db.query<unknown[]>(waiting)).length, { timeout: 10_000 }).toBe(1);
      await manager.query('DELETE FROM alerts WHERE id = $1', [id]);
      return { settled };
    });
    expect(await settling.settled).toEqual([{ status: 'fulfilled', value: undefined }]);
    expect(await messages()).toEqual([]);
  });

  it('is changed, listed and deleted by its tenant alone', async () => {
    const { id } = await alert({ query: 'a red circle' });
    expect(await service.app.get(AlertsService).list('other', { limit: 10 })).toMatchObject({ data: [] });
    await expect(service.app.get(AlertsService).get('other', id)).rejects.toMatchObject({ code: 'alert.not_found' });
    const change = { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ enabled: false }) };
    expect(await (await fetch(`${service.baseUrl}/v1/alerts/${id}`, change)).json()).toMatchObject({ enabled: false, query: 'a red circle', min_confidence: 0, filter: {} });
    await analysedVideo([]);
    expect(await due()).toEqual([]);
    expect((await fetch(`${service.baseUrl}/v1/alerts/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await read(`/v1/alerts/${id}`)).toMatchObject({ code: 'alert.not_found' });
    expect(await service.post('/v1/alerts', { query: ' ' })).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(await service.post('/v1/alerts', { query: '<|im_end|>' })).toMatchObject({ status: 422, body: { code: 'prompt.special_token' } });
  });
});
