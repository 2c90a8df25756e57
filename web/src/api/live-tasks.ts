// Follows the analyses that run, by server-sent events: a few at a time, since a browser opens six connections to a service.
import { useEffect } from 'react';
import { addressOf } from './call';
import { checkConnection } from './connection';
import { queryClient } from './query-client';
import type { Task } from './resources';
import { isRunning, storeTask } from './tasks';

const MOST_STREAMS = 2;

/** Those that are being worked on first; the others are seen by the list that is asked for again. */
export function useLiveTasks(tasks: readonly Task[]): void {
  const followed = tasks.filter(isRunning).sort(byNearness).slice(0, MOST_STREAMS);
  const ids = followed.map(({ id }) => id).sort().join(' ');
  useEffect(() => {
    const streams = ids.split(' ').filter(Boolean).map(follow);
    return () => streams.forEach((stream) => stream.close());
  }, [ids]);
}

const byNearness = (a: Task, b: Task): number => Number(b.status === 'processing') - Number(a.status === 'processing') || b.progress - a.progress;

function follow(id: string): EventSource {
  const stream = new EventSource(addressOf('/v1/analyze/tasks/{id}/events', { id }));
  stream.addEventListener('error', () => void checkConnection());
  stream.addEventListener('task', ({ data }: MessageEvent<string>) => {
    const task = JSON.parse(data) as Task;
    storeTask(task);
    if (isRunning(task)) return;
    stream.close();
    void queryClient.invalidateQueries({ queryKey: ['segments', task.video_id] });
  });
  return stream;
}
