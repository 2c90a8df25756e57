// The newest analysis of each video, over the API on a real database.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type QuestionService, startQuestionService } from './question-service.js';

let service: QuestionService;
beforeAll(async () => {
  service = await startQuestionService({}, { withWorker: false });
});
afterAll(() => service?.stop());

it('is listed alone, page by page', async () => {
  const videos = [await service.addVideo(), await service.addVideo(), await service.addVideo()];
  const newest: string[] = [];
  for (const { id } of videos) {
    await service.addTask(id);
    newest.unshift(await service.addTask(id, { status: 'failed' }));
  }
  const read = async (query: string) => {
    const response = await fetch(`${service.baseUrl}/v1/analyze/tasks?${query}`);
    expect(response.status).toBe(200);
    return (await response.json()) as { data: { id: string }[]; next_cursor: string | null };
  };
  const first = await read('latest=true&limit=2');
  const second = await read(`latest=true&limit=2&cursor=${first.next_cursor}`);
  expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(newest);
  expect(second.next_cursor).toBeNull();
  expect((await read('limit=100')).data).toHaveLength(6);
});
