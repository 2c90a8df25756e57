// Which videos are shown, and in which order.
import type { Task, Video } from '../api/resources';

export const STATES = ['all', 'ready', 'working', 'failed', 'canceled', 'new'] as const;
export type VideoState = Exclude<(typeof STATES)[number], 'all'>;

export const SORTS = ['newest', 'oldest', 'name', 'longest', 'shortest'] as const;
export type Sort = (typeof SORTS)[number];

/** A video with its latest analysis. */
export interface LibraryEntry {
  readonly video: Video;
  readonly task: Task | undefined;
  readonly state: VideoState;
}

/** `tasks`: newest first. */
export function entriesOf(videos: readonly Video[], tasks: readonly Task[]): LibraryEntry[] {
  const latest = new Map<string, Task>();
  for (const task of tasks) if (!latest.has(task.video_id)) latest.set(task.video_id, task);
  return videos.map((video) => {
    const task = latest.get(video.id);
    return { video, task, state: stateOf(task) };
  });
}

function stateOf(task: Task | undefined): VideoState {
  if (!task) return 'new';
  return task.status === 'queued' || task.status === 'processing' ? 'working' : task.status;
}

export interface LibraryFilter {
  readonly state: string;
  readonly find: string;
  readonly sort: string;
}

export function filtered(entries: readonly LibraryEntry[], { state, find, sort }: LibraryFilter): LibraryEntry[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = entries.filter(
    (entry) => (state === '' || state === 'all' || entry.state === state) && words.every((word) => entry.video.name.toLowerCase().includes(word)),
  );
  return wanted.sort(ORDERS[sort as Sort] ?? ORDERS.newest);
}

type Order = (a: LibraryEntry, b: LibraryEntry) => number;

const byAge: Order = (a, b) => b.video.created_at.localeCompare(a.video.created_at);
const byLength: Order = (a, b) => b.video.duration - a.video.duration;

const ORDERS: Readonly<Record<Sort, Order>> = {
  newest: byAge,
  oldest: (a, b) => byAge(b, a),
  name: (a, b) => a.video.name.localeCompare(b.video.name, undefined, { numeric: true }),
  longest: byLength,
  shortest: (a, b) => byLength(b, a),
};

export const countBy = (entries: readonly LibraryEntry[], state: string): number =>
  state === 'all' ? entries.length : entries.filter((entry) => entry.state === state).length;
