// Analyses: their list, and each while it runs, live.
import { useQuery } from '@tanstack/react-query';
import { call } from './call';
import { queryClient } from './query-client';
import type { Task, TaskRequest } from './resources';

/** Analyses that the operator sees at once. */
const LATEST = 300;
const PAGE = 1000;
const POLL_MS = 4000;

export const isRunning = ({ status }: Task): boolean => status === 'queued' || status === 'processing';

const tasksKey = ['tasks'];
const newestKey = ['tasks', 'newest'];

/** Every page of those that the query lets through. */
async function everyTask(of: { readonly latest: 'true' } | { readonly video_id: string }, signal: AbortSignal): Promise<Task[]> {
  const tasks: Task[] = [];
  let cursor: string | undefined;
  do {
    const page = await call('get', '/v1/analyze/tasks', { query: { ...of, limit: PAGE, ...(cursor && { cursor }) }, signal });
    tasks.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return tasks;
}

/** The newest analysis of every video, asked for again while one of them runs. */
export const useNewestTasks = () =>
  useQuery({
    queryKey: newestKey,
    queryFn: ({ signal }) => everyTask({ latest: 'true' }, signal),
    refetchInterval: ({ state }) => (state.data?.some(isRunning) ? POLL_MS : false),
  });

/** The latest analyses of all videos, newest first, asked for again while one of them runs. */
export const useTasks = () =>
  useQuery({
    queryKey: tasksKey,
    queryFn: async ({ signal }) => (await call('get', '/v1/analyze/tasks', { query: { limit: LATEST }, signal })).data,
    refetchInterval: ({ state }) => (state.data?.some(isRunning) ? POLL_MS : false),
  });

/** Every analysis of one video, newest first. */
export const useTasksOf = (videoId: string) =>
  useQuery({
    queryKey: ['tasks', videoId],
    queryFn: ({ signal }) => everyTask({ video_id: videoId }, signal),
    refetchInterval: ({ state }) => (state.data?.some(isRunning) ? POLL_MS : false),
  });

/** The plan of an analysis: its windows in order. */
export const useWindows = (task: Task | undefined) =>
  useQuery({
    queryKey: ['windows', task?.id, task?.windows.done, task?.windows.total, task?.status],
    queryFn: async ({ signal }) => (await call('get', '/v1/analyze/tasks/{id}/windows', { path: { id: task?.id ?? '' }, signal })).data,
    enabled: task !== undefined,
    placeholderData: (before) => before,
    staleTime: Infinity,
  });

export async function startAnalysis(request: TaskRequest): Promise<Task> {
  const task = await call('post', '/v1/analyze/tasks', { body: request });
  storeTask(task);
  return task;
}

export async function cancelAnalysis(id: string): Promise<void> {
  storeTask(await call('post', '/v1/analyze/tasks/{id}/cancel', { path: { id } }));
}

/** What is known of a task from elsewhere is news for every list that shows it. */
export function storeTask(task: Task): void {
  for (const key of [tasksKey, ['tasks', task.video_id]]) {
    queryClient.setQueryData<Task[]>(key, (known) => known && withTask(known, task));
  }
  queryClient.setQueryData<Task[]>(newestKey, (known) => known && withNewest(known, task));
}

/** `known`: newest first. */
function withTask(known: readonly Task[], task: Task): Task[] {
  const others = known.filter(({ id }) => id !== task.id);
  const later = others.filter(({ created_at }) => created_at > task.created_at).length;
  return [...others.slice(0, later), task, ...others.slice(later)];
}

/** News of an analysis that is not the newest of its video is none here. */
function withNewest(known: Task[], task: Task): Task[] {
  const newest = known.find(({ video_id }) => video_id === task.video_id);
  if (newest && newest.created_at > task.created_at) return known;
  return withTask(known.filter((other) => other !== newest), task);
}
