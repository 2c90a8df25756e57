// Questions through the public door, with a real database and queue and a model that knows what happens.
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AppError } from '../../src/app-error.js';
import { momentsResource, type MomentsResource } from '../../src/moments/moment.schema.js';
import { AnswerMomentsProcessor } from '../../workers/answer-moments.processor.js';
import { type KnownEvent, type QuestionService, startQuestionService } from './question-service.js';

let service: QuestionService;

beforeAll(async () => {
  service = await startQuestionService({ MOMENT_MAX_WINDOWS: '40', LEASE_SECONDS: '2' });
});
afterAll(() => service?.stop());
beforeEach(() => {
  service.model.before = () => undefined;
  service.model.asked.length = 0;
});

const near = (value: number): unknown => expect.closeTo(value, 3);
const QUERY = 'a bee lands';
const ask = (videoId: string, body: Record<string, unknown> = {}) => service.post<MomentsResource>(`/v1/videos/${videoId}/moments`, { query: QUERY, ...body });
const event = (start: number, end: number, more: Partial<KnownEvent> = {}): KnownEvent => ({ text: QUERY, start, end, ...more });
const ready = (count: number) => Array.from({ length: count }, (_, k) => ({ start: k * 24, end: k * 24 + 30 }));

describe('a question', () => {
  it('is answered from an analysed video to the second, with scores and evidence', async () => {
    const video = await service.addVideo({ duration: 126, events: [event(70, 76.5)] });
    const task = await service.addTask(video.id, { end: 126, windows: ready(5) });
    const { status, body } = await ask(video.id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ object: 'moments', status: 'ready', answer: 'found', cached: false, searched_until: 126, best_rejected: null, curve: null, warnings: [] });
    expect(body.data).toHaveLength(1);
    const [moment] = body.data;
    expect(moment).toMatchObject({ rank: 1, start_time: 70, end_time: 76.5, source: 'model' });
    expect(moment!.confidence).toBeGreaterThan(0.5);
    expect(moment!.scores).toMatchObject({ occurrence: near(4), grounding: near(0.9) });
    expect(moment!.scores!.retrieval).toBeGreaterThan(0);
    expect(moment!.evidence.model).toEqual({ name: 'knowing', hash: '0123456789abcdef' });
    const [window] = moment!.evidence.windows;
    expect(window).toMatchObject({ start_time: 48, end_time: 78, effective_fps: 2, second_per_grid_ts: 1, frames: 60, seen: 'now', prompt_hash: '00112233aabbccdd' });
    expect(window!.frame_times[0]).toBeGreaterThanOrEqual(70);
    expect(window!.frame_times.at(-1)).toBeLessThanOrEqual(76.5);
    expect(body.searched).toMatchObject({ task_id: task, unparsed: 0, windows_left_out: 0, model: { name: 'knowing' } });
    expect(body.searched!.windows.map((w) => w.start_time)).toEqual([0, 24, 48, 72, 96]);
    expect(body.searched!.windows[0]).toMatchObject({ occurrence: near(-4), verification: near(0.018), seen: 'now' });
  });

  it('is answered of a video that was never analysed, over the plan of all of it', async () => {
    const video = await service.addVideo({ duration: 200, events: [event(150, 155), event(20, 24)] });
    const { body } = await ask(video.id);
    expect(body).toMatchObject({ answer: 'found', searched_until: 200, searched: { task_id: null } });
    expect(body.data.map((m) => m.start_time).sort((a, b) => a - b)).toEqual([20, 150]);
  });

  it('is answered "not in this video" with the best of what was rejected', async () => {
    const video = await service.addVideo({ events: [event(40, 45, { sure: -2.5 })] });
    const { body } = await ask(video.id);
    expect(body).toMatchObject({ answer: 'not_in_video', data: [], searched_until: 120 });
    expect(body.best_rejected).toMatchObject({ start_time: 40, end_time: 45, scores: { occurrence: near(-2.5) } });
    expect(body.best_rejected!.confidence).toBeLessThan(body.searched!.threshold!);
    expect(body.best_rejected!.evidence.windows[0]!.effective_fps).toBe(2);
    const absent = (await ask(video.id, { query: 'a whale sings' })).body;
    expect(absent.answer).toBe('not_in_video');
    expect(absent.best_rejected!.scores).toMatchObject({ occurrence: near(-4), grounding: 0 });
    const anyway = (await ask(video.id, { allow_none: false })).body;
    expect(anyway).toMatchObject({ answer: 'found', best_rejected: null, data: [{ start_time: 40, end_time: 45 }] });
  });

  it('returns no more than are wanted, surest first, of a range only', async () => {
    const video = await service.addVideo({ duration: 300, events: [event(10, 15, { sure: 2 }), event(100, 110, { sure: 5 }), event(200, 210, { sure: 3 })] });
    const best = (await ask(video.id, { top_k: 2 })).body;
    expect(best.data.map((m) => [m.rank, m.start_time])).toEqual([[1, 100], [2, 200]]);
    const ranged = (await ask(video.id, { start_time: 105, end_time: 205 })).body;
    expect(ranged).toMatchObject({ start_time: 105, end_time: 205, searched_until: 205 });
    expect(ranged.data.map((m) => [m.start_time, m.end_time])).toEqual([[105, 110], [200, 205]]);
    for (const window of ranged.searched!.windows) {
      expect(window.start_time).toBeGreaterThanOrEqual(105);
      expect(window.end_time).toBeLessThanOrEqual(205);
    }
  });

  it('shows the curve of what speaks for it, a value every two seconds', async () => {
    const video = await service.addVideo({ duration: 102, events: [event(90, 95)] });
    await service.addTask(video.id, { end: 102, windows: ready(4) });
    const { body } = await ask(video.id, { curve: true });
    expect(body.curve).toMatchObject({ start_time: 0, step_seconds: 2 });
    expect(body.curve!.values).toHaveLength(51);
    expect(body.curve!.values[0]).toBeCloseTo(-4);
    expect(body.curve!.values[47]).toBeCloseTo(4);
  });

  it('looks again at two frames a second where the plan took fewer', async () => {
    const video = await service.addVideo({ duration: 100, events: [event(61, 66)] });
    await service.addTask(video.id, { end: 100, windows: [{ start: 0, end: 100, fps: 0.5 }] });
    const { body } = await ask(video.id);
    expect(body.data[0]).toMatchObject({ start_time: 61, end_time: 66 });
    expect(body.data[0]!.evidence.windows.every((w) => w.effective_fps === 2)).toBe(true);
    expect(service.model.asked[0]).toMatchObject({ fps: 0.5, prompts: 1 });
    expect(service.model.asked.slice(1).every(({ fps, prompts }) => fps === 2 && prompts === 2)).toBe(true);
    service.model.asked.length = 0;
    await ask(video.id, { sampling: { fps: 1 } });
    expect(service.model.asked.every(({ fps }) => fps === 1)).toBe(true);
  });
});

describe('what the analysis wrote', () => {
  it('of the same seconds speaks for a moment, and what it wrote of others does not', async () => {
    const video = await service.addVideo({ duration: 78, events: [event(10, 15, { sure: 1 }), event(60, 65, { sure: 2 })] });
    const taskId = await service.addTask(video.id, { end: 78, windows: ready(3) });
    expect((await ask(video.id)).body.data.map((m) => m.start_time)).toEqual([60, 10]);
    await service.addSegment(video.id, { text: 'A bee is landing.', taskId, start: 9, end: 15 });
    await service.addSegment(video.id, { text: 'A bee flies up.', taskId, start: 60, end: 65 });
    const { data } = (await ask(video.id)).body;
    expect(data.map((m) => [m.start_time, m.scores!.occurrence, m.scores!.described])).toEqual([[10, near(1), true], [60, near(2), false]]);
    expect(data[0]!.evidence.verification).toBeCloseTo(1 / (1 + Math.exp(-1)), 3);
  });
});

describe('while an analysis is running', () => {
  it('what is done is searched, and the answer says until where', async () => {
    const video = await service.addVideo({ duration: 126, events: [event(10, 12), event(110, 112)] });
    const windows = ready(5).map((window, k) => ({ ...window, status: k < 2 ? 'ready' : 'queued' }));
    await service.addTask(video.id, { status: 'processing', end: 126, windows });
    const { body } = await ask(video.id);
    expect(body).toMatchObject({ answer: 'found', searched_until: 54 });
    expect(body.data.map((m) => m.start_time)).toEqual([10]);
    expect(body.searched!.windows).toHaveLength(2);
  });

  it('the first windows are looked at where none is done', async () => {
    const video = await service.addVideo({ duration: 3600, events: [event(10, 12)] });
    await service.addTask(video.id, { status: 'queued', end: 3600 });
    const { body } = await ask(video.id);
    expect(body.answer).toBe('found');
    expect(body.searched!.windows).toHaveLength(8);
    expect(body.searched_until!).toBeGreaterThan(100);
    expect(body.searched_until!).toBeLessThan(300);
  });

  it('the finished one is asked, not the new one beside it', async () => {
    const video = await service.addVideo({ duration: 54 });
    const old = await service.addTask(video.id, { end: 54, windows: ready(2) });
    await service.addTask(video.id, { status: 'processing', end: 54, windows: ready(1) });
    expect((await ask(video.id)).body.searched!.task_id).toBe(old);
  });
});

describe('of several analyses', () => {
  const read = async (videoId: string): Promise<string[]> => {
    const page = (await (await fetch(`${service.baseUrl}/v1/videos/${videoId}/segments`)).json()) as { data: { text: string }[] };
    return page.data.map(({ text }) => text);
  };
  const current = async (videoId: string, query: string): Promise<string | null> => (await ask(videoId, { query })).body.searched!.task_id;
  const hour = Array.from({ length: 5 }, (_, k) => ({ start: k * 24, end: k * 24 + 30 }));

  it('a later look at a part, or for something else, hides none of the whole', async () => {
    const { id } = await service.addVideo({ duration: 126 });
    const whole = await service.addTask(id, { end: 126, windows: hour });
    await service.addSegment(id, { text: 'of the whole', taskId: whole });
    const part = await service.addTask(id, { start: 20, end: 30, windows: [{ start: 20, end: 30 }] });
    await service.addSegment(id, { text: 'of a part', taskId: part });
    for (const request of ['{"segmentDefinitions": []}', '{"responseSchema": {}}']) {
      const other = await service.addTask(id, { end: 126, windows: hour });
      await service.addSegment(id, { text: 'something else', taskId: other });
      await service.db.query('UPDATE tasks SET request = $2 WHERE id = $1', [other, request]);
    }
    expect([await current(id, 'a'), await read(id)]).toEqual([whole, ['of the whole']]);
    expect((await service.post<{ data: { text: string }[] }>('/v1/search', { query: 'whole or part', filter: { video_ids: [id] } })).body.data.map(({ text }) => text)).toEqual(['of the whole']);
  });

  it('a later one of nearly all takes the place of the whole, once it is finished', async () => {
    const { id } = await service.addVideo({ duration: 126 });
    const old = await service.addTask(id, { end: 126, windows: hour });
    const young = await service.addTask(id, { status: 'processing', end: 125, windows: hour });
    expect(await current(id, 'a')).toBe(old);
    await service.db.query(`UPDATE tasks SET status = 'ready', stage = 'done', finished_at = now() WHERE id = $1`, [young]);
    expect(await current(id, 'b')).toBe(young);
    await service.addTask(id, { status: 'failed', end: 126 });
    await service.addTask(id, { status: 'canceled', end: 126 });
    expect(await current(id, 'c')).toBe(young);
  });
});

describe('asked again', () => {
  it('the same is answered without work', async () => {
    const video = await service.addVideo({ events: [event(10, 12)] });
    const first = (await ask(video.id)).body;
    service.model.asked.length = 0;
    const again = (await ask(video.id, { query: '  A  bee\nLANDS ' })).body;
    expect(again).toEqual({ ...first, cached: true });
    expect(service.model.asked).toEqual([]);
    expect((await ask(video.id, { top_k: 4 })).body.cached).toBe(false);
  });

  it('it is worked out anew when the video was analysed, when segments change, by another model, and by one calibrated anew', async () => {
    const video = await service.addVideo({ duration: 54, events: [event(10, 12)] });
    const fresh = async (): Promise<boolean> => !(await ask(video.id)).body.cached;
    expect([await fresh(), await fresh()]).toEqual([true, false]);
    const taskId = await service.addTask(video.id, { end: 54, windows: ready(2) });
    expect([await fresh(), await fresh()]).toEqual([true, false]);
    const segment = await service.addSegment(video.id, { text: 'bee', taskId });
    expect([await fresh(), await fresh()]).toEqual([true, false]);
    await service.db.query('DELETE FROM segments WHERE id = $1', [segment]);
    await service.addSegment(video.id, { text: 'a bee speaks', type: 'speech', source: 'track' });
    expect([await fresh(), await fresh()]).toEqual([true, false]);
    const { card } = service.model;
    service.model.card = { ...card, hash: 'ffffffffffffffff' };
    await service.db.query(`UPDATE workers SET model = jsonb_set(model, '{hash}', '"ffffffffffffffff"')`);
    expect([await fresh(), await fresh()]).toEqual([true, false]);
    service.model.card = { ...card, notesHash: 'ffffffffffffffff' };
    await service.db.query(`UPDATE workers SET model = model || '{"hash": "${card.hash}", "notesHash": "ffffffffffffffff"}'`);
    expect([await fresh(), await fresh()]).toEqual([true, false]);
    service.model.card = card;
    await service.db.query(`UPDATE workers SET model = model || '{"notesHash": ""}'`);
    expect(await fresh()).toBe(false);
  });
});

describe('with more windows than one question may take', () => {
  it('those are searched that the words lead to, and the answer says so', async () => {
    const video = await service.addVideo({ duration: 3600, events: [event(3000, 3005), event(3300, 3305)] });
    await service.addSegment(video.id, { text: 'And here a bee lands on the flower.', type: 'speech', source: 'track', start: 2998, end: 3004 });
    const { body } = await ask(video.id);
    expect(body.data.map((m) => m.start_time)).toEqual([3000]);
    expect(body.searched!.windows).toHaveLength(40);
    expect(body.searched!.windows_left_out).toBeGreaterThan(50);
    expect(body.warnings).toMatchObject([{ code: 'moments.windows_left_out' }]);
    expect(body.searched_until!).toBeLessThan(1200);
  });
});

describe('beside an analysis', () => {
  it('a question leaves the model no turn between its windows: the next one waits before the one that is looked at is done', async () => {
    const video = await service.addVideo({ duration: 126, events: [event(70, 76.5)] });
    await service.addTask(video.id, { end: 126, windows: ready(5) });
    service.model.before = () => vi.waitFor(() => expect(service.model.asked.length).toBeGreaterThanOrEqual(2), { timeout: 10_000 });
    expect((await ask(video.id)).body).toMatchObject({ status: 'ready', answer: 'found' });
  });
});

describe('when something goes wrong', () => {
  it('a window that cannot be read costs itself alone', async () => {
    const video = await service.addVideo({ duration: 126, events: [event(10, 12)] });
    await service.addTask(video.id, { end: 126, windows: ready(5) });
    service.model.before = ({ startSeconds }) => {
      if (startSeconds === 48) throw new AppError('video.unreadable', 'broken here');
    };
    const { body } = await ask(video.id);
    expect(body.answer).toBe('found');
    expect(body.warnings).toEqual([{ code: 'video.unreadable', message: 'broken here', start_time: 48, end_time: 78 }]);
    expect(body.searched_until!).toBe(54);
    service.model.before = () => {
      throw new AppError('video.unreadable', 'broken');
    };
    expect((await ask(video.id, { query: 'nothing' })).body).toMatchObject({ status: 'failed', error: { code: 'moments.nothing_readable' } });
  });

  it('a window whose closer look cannot be planned costs itself alone', async () => {
    const video = await service.addVideo({ duration: 100, events: [event(61, 66)] });
    const taskId = await service.addTask(video.id, { end: 100, windows: [{ start: 0, end: 50 }, { start: 50, end: 100, fps: 0.5 }] });
    await service.db.query(`UPDATE windows SET sampling = '{"fps": 0.5}' WHERE task_id = $1 AND ordinal = 1`, [taskId]);
    const { body } = await ask(video.id);
    expect(body).toMatchObject({ status: 'ready', warnings: [{ code: 'plan.overlap_too_long', start_time: 50, end_time: 100 }] });
  });

  it('an answer that lacks a window is not given again', async () => {
    const video = await service.addVideo({ duration: 54, events: [event(10, 12)] });
    await service.addTask(video.id, { end: 54, windows: ready(2) });
    service.model.before = ({ startSeconds }) => {
      if (startSeconds === 24) throw new AppError('video.unreadable', 'broken here');
    };
    expect((await ask(video.id)).body.warnings).toHaveLength(1);
    service.model.before = () => undefined;
    expect((await ask(video.id)).body).toMatchObject({ cached: false, warnings: [] });
  });

  it('a question whose worker died is answered the same by the next', async () => {
    const video = await service.addVideo({ events: [event(10, 12)] });
    let calls = 0;
    service.model.before = () => {
      if (++calls === 2) throw new AppError('inference.child_died', 'gone');
    };
    const asked = await ask(video.id, { wait: 0 });
    expect(asked.status).toBe(202);
    expect(asked.body).toMatchObject({ answer: null, data: [], searched_until: null });
    await vi.waitFor(async () => {
      const [row] = await service.db.query<{ status: string }[]>('SELECT status, attempt FROM moment_queries WHERE id = $1', [asked.body.id]);
      expect(row).toEqual({ status: 'queued', attempt: 1 });
    }, { timeout: 10_000 });
    const again = (await ask(video.id)).body;
    expect(again).toMatchObject({ answer: 'found', data: [{ start_time: 10, end_time: 12 }] });
  });
});

describe('a long question', () => {
  const row = async (id: string) =>
    (await service.db.query<{ status: string; attempt: number; windows_done: number }[]>('SELECT status, attempt, windows_done FROM moment_queries WHERE id = $1', [id]))[0]!;
  const again = async (id: string) => {
    await service.db.query('UPDATE moment_queries SET not_before = NULL WHERE id = $1', [id]);
    await service.app.get(AnswerMomentsProcessor).process(id, new AbortController().signal);
    return row(id);
  };
  /** Stops the worker at a window; each attempt gets `more` further than the one before. */
  const stopAt = (first: number, more: number): void => {
    let stop = first;
    let seen = 0;
    service.model.before = () => {
      if (++seen <= stop) return;
      [stop, seen] = [stop + more, 0];
      throw new AppError('inference.child_died', 'gone');
    };
  };

  it('that is stopped again and again is answered in the end, as each attempt comes further', async () => {
    const video = await service.addVideo({ duration: 1200, events: [event(1100, 1105)] });
    stopAt(4, 4);
    const { id } = (await ask(video.id, { wait: 0 })).body;
    await vi.waitFor(async () => expect(await row(id)).toMatchObject({ status: 'queued', attempt: 1 }), { timeout: 10_000 });
    let last = await row(id);
    for (let k = 0; k < 30 && last.status === 'queued'; k++) {
      expect(last.attempt).toBeLessThan(4);
      last = await again(id);
    }
    expect(last.status).toBe('ready');
    expect(service.model.asked.length).toBeGreaterThan(200);
  });

  it('that stops its worker at the same window each time is given up', async () => {
    const video = await service.addVideo({ duration: 1200 });
    stopAt(6, 0); // before the eighth window, the first that is noted
    const { id } = (await ask(video.id, { wait: 0 })).body;
    await vi.waitFor(async () => expect(await row(id)).toMatchObject({ status: 'queued', attempt: 1, windows_done: 0 }), { timeout: 10_000 });
    for (let k = 2; k < 5; k++) expect(await again(id)).toMatchObject({ status: 'queued', attempt: k });
    expect(await again(id)).toMatchObject({ status: 'failed', windows_done: 0 });
  });
});

describe('a question that is open', () => {
  it('is the same for whoever asks the same of the same, and another one for whoever asks of more', async () => {
    const video = await service.addVideo({ events: [event(40, 45)] });
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    onTestFinished(go);
    service.model.before = () => gate;
    const first = await ask(video.id, { wait: 0 });
    const again = await ask(video.id, { wait: 0, query: 'A  bee lands' });
    expect(again).toMatchObject({ status: 202, body: { id: first.body.id, cached: false, answer: null } });
    expect((await ask(video.id, { wait: 0, top_k: 1 })).body.id).not.toBe(first.body.id);
    await service.addTask(video.id, { end: 120, windows: ready(5) });
    expect((await ask(video.id, { wait: 0 })).body.id).not.toBe(first.body.id);
    const doing = [{ kind: 'question', video: { id: video.id, name: 'clip.mp4' } }];
    await expect.poll(async () => ((await (await fetch(`${service.baseUrl}/v1/workers`)).json()) as { data: unknown }).data).toMatchObject([{ status: 'ready', model: 'knowing', doing: [...doing, ...doing] }]); // two at a time
    go();
    expect((await ask(video.id)).body).toMatchObject({ answer: 'found', data: [{ start_time: 40 }] });
  });
});

describe('what is said of an answer', () => {
  it('keeps the edges that were put right when it is judged again, until others are given', async () => {
    const video = await service.addVideo({ events: [event(40, 45)] });
    const { id, data } = (await ask(video.id)).body;
    const say = async (more: Record<string, unknown>) => (await service.post<Record<string, unknown>>(`/v1/videos/${video.id}/feedback`, { question_id: id, moment_id: data[0]!.id, ...more })).body;
    await say({ verdict: 'right', start_time: 41, end_time: 46.5 });
    expect(await say({ verdict: 'right' })).toMatchObject({ verdict: 'right', start_time: 41, end_time: 46.5 });
    expect(await say({ verdict: 'wrong' })).toMatchObject({ verdict: 'wrong', start_time: 41, end_time: 46.5 });
    expect(await say({ verdict: 'right', start_time: 39, end_time: 44 })).toMatchObject({ start_time: 39, end_time: 44 });
  });
});

describe('a question that nobody wants any more', () => {
  const cancel = (videoId: string, id: string) => service.post<MomentsResource>(`/v1/videos/${videoId}/moments/${id}/cancel`, {});

  it('is canceled: who waits is told, and the worker looks at no more', async () => {
    const video = await service.addVideo({ duration: 1200 });
    let go = (): void => undefined;
    const first = new Promise<void>((resolve) => (go = resolve));
    const started = new Promise<void>((resolve) => {
      service.model.before = async () => {
        resolve();
        await first;
        await new Promise((done) => setTimeout(done, 100));
      };
    });
    const waiting = ask(video.id);
    await started;
    const [{ id }] = await service.db.query<[{ id: string }]>('SELECT id FROM moment_queries WHERE video_id = $1', [video.id]);
    expect((await cancel(video.id, id)).body).toMatchObject({ status: 'canceled', answer: null, error: null });
    expect((await waiting).body).toMatchObject({ id, status: 'canceled', data: [] });
    go();
    await new Promise((resolve) => setTimeout(resolve, 1500)); // more than a beat of its lease
    expect(service.model.asked.length).toBeLessThan(12); // of fifty
    expect((await cancel(video.id, id)).status).toBe(200);
  });

  it('cannot be canceled once it is answered, and not under another video', async () => {
    const [video, other] = [await service.addVideo(), await service.addVideo()];
    const { id } = (await ask(video.id)).body;
    const refused = [await cancel(video.id, id), await cancel(other.id, id)].map(({ status, body }) => [status, body.code]);
    expect(refused).toEqual([[409, 'moments.already_finished'], [404, 'moments.not_found']]);
  });
});

describe('what is shown', () => {
  const read = async (videoId: string, id: string, query = ''): Promise<MomentsResource> =>
    (await (await fetch(`${service.baseUrl}/v1/videos/${videoId}/moments/${id}${query}`)).json()) as MomentsResource;

  it('is the best of many windows, with the number of all, unless all are asked for', async () => {
    const video = await service.addVideo({ duration: 4000, events: [event(3700, 3705)] });
    await service.addTask(video.id, { end: 4000, windows: Array.from({ length: 160 }, (_, k) => ({ start: k * 25, end: k * 25 + 25 })) });
    const { body } = await ask(video.id, { start_time: 3000 });
    expect([body.searched!.windows.length, body.searched!.windows_total]).toEqual([40, 40]);
    const many = { ...body.searched, windows: Array.from({ length: 900 }, (_, k) => ({ ...body.searched!.windows[0], ordinal: k, answer: k === 3 ? 'no' : null, occurrence: k === 800 ? 3 : -k / 100 })) };
    await service.db.query('UPDATE moment_queries SET searched = $2 WHERE id = $1', [body.id, JSON.stringify(many)]);
    const { windows, windows_total } = (await read(video.id, body.id)).searched!;
    expect([windows.length, windows_total, windows[0]!.ordinal, windows.at(-1)!.ordinal]).toEqual([50, 900, 0, 800]);
    expect((await read(video.id, body.id, '?searched=all')).searched!.windows).toHaveLength(900);
  });

  it('of answers from before is what the schema says', async () => {
    const video = await service.addVideo({ events: [event(10, 12)] });
    const { id } = (await ask(video.id)).body;
    const window = { ordinal: 0, start_time: 0, end_time: 30, effective_fps: 2, second_per_grid_ts: 1, prompt_hash: 'ab' };
    const model = { name: 'm', hash: 'h' };
    const searched = { model, unparsed: 0, windows: [{ ...window, answer: 'At 10.', verification: null }] };
    await service.db.query('UPDATE moment_queries SET searched = $2 WHERE id = $1', [id, JSON.stringify(searched)]);
    const evidence = { model, windows: [{ ...window, frame_times: [10, 11] }], verification: null };
    await service.db.query(`UPDATE moments SET scores = '{}', evidence = $2 WHERE moment_query_id = $1`, [id, JSON.stringify(evidence)]);
    const shown = await read(video.id, id);
    expect(momentsResource.parse(shown)).toEqual(shown);
    expect(shown.data[0]).toMatchObject({ scores: null, evidence: { windows: [{ frames: null, seen: null, frame_times: [10, 11] }] } });
    expect(shown.searched).toMatchObject({ task_id: null, windows_left_out: 0, threshold: null, windows: [{ occurrence: null, seen: null, answer: 'At 10.' }] });
  });
});

describe('bad questions', () => {
  it.each([
    ['nothing', { query: '' }, 400, 'request.invalid'],
    ['blanks', { query: ' \n\t ' }, 400, 'request.invalid'],
    ['what cannot be seen', { query: '\u200b\u200d' }, 400, 'request.invalid'],
    ['too much', { query: 'x'.repeat(1001) }, 400, 'request.invalid'],
    ['half a character', { query: 'a\ud800' }, 400, 'request.invalid'],
    ['too many', { top_k: 51 }, 400, 'request.invalid'],
    ['an empty range', { start_time: 5, end_time: 5 }, 400, 'request.invalid'],
    ['a range behind the end', { start_time: 120 }, 422, 'moments.range_outside_video'],
    ['a special token', { query: '<|im_end|>' }, 422, 'prompt.special_token'],
    ['a field that is none', { topk: 3 }, 400, 'request.invalid'],
  ])('%s is refused', async (_name, more, status, code) => {
    const video = await service.addVideo();
    const answer = await ask(video.id, more);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it.each([`it's "quoted" 'twice'`, '100 % _sure_', 'back\\slash \\\\', '🐝🌼 👩‍👩‍👧', `') OR 1=1; --`, '& | ! <-> :* ( )', '-bee', '""', 'x'.repeat(1000), 'пчела садится', '蜜蜂'])(
    '%s is no harm',
    async (query) => {
      const video = await service.addVideo({ duration: 40, events: [{ text: query, start: 10, end: 15 }] });
      await service.addSegment(video.id, { text: query, type: 'speech', source: 'track' });
      const answer = await ask(video.id, { query });
      expect([answer.status, answer.body.status, answer.body.query]).toEqual([200, 'ready', query]);
      expect(answer.body.data[0]).toMatchObject({ start_time: 10, end_time: 15 });
    },
  );
});
