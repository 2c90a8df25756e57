// The states by which the library is filtered.
import { expect, it } from 'vitest';
import type { Task, Video } from '../api/resources';
import { countBy, entriesOf } from './library-filter';

it('counts a canceled analysis apart from videos that were never analysed', () => {
  const videos = ['a', 'b', 'c'].map((id) => ({ id, name: id, created_at: id }) as Video);
  const tasks = [{ video_id: 'a', status: 'canceled' }, { video_id: 'b', status: 'queued' }] as Task[];
  const entries = entriesOf(videos, tasks);
  expect((['all', 'canceled', 'working', 'new'] as const).map((state) => countBy(entries, state))).toEqual([3, 1, 1, 1]);
});
