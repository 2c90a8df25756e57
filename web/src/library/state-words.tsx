// How it stands with a video, in one line.
import { failureWords } from '../api/problem';
import { spokenLength } from '../time/time-format';
import type { LibraryEntry } from './library-filter';

/** `segments`: how many the model described, as text; undefined while unknown. */
export function StateWords({ entry: { task, state }, segments }: { readonly entry: LibraryEntry; readonly segments: string | undefined }) {
  switch (state) {
    case 'new':
      return <span className="dim">not analysed yet</span>;
    case 'canceled':
      return <span className="dim">analysis canceled</span>;
    case 'ready':
      return <span className="dim">{segments === undefined ? 'ready' : segments}</span>;
    case 'failed':
      return (
        <span className="lost" title={task?.error ? failureWords(task.error) : undefined}>
          {task?.error?.message ?? 'failed'}
        </span>
      );
    case 'working':
      return task ? <span className="work">{workWords(task.stage, task.windows, task.eta_seconds, task.status)}</span> : null;
  }
}

function workWords(stage: string, { done, total }: { done: number; total: number }, eta: number | null, status: string): string {
  if (status === 'queued') return 'waiting for a worker';
  const what = stage === 'scan' ? (total === 0 ? 'scanning' : `scanning · windows ${done} / ${total}`) : `windows ${done} / ${total}`;
  return eta === null || eta <= 0 ? what : `${what} · ${spokenLength(eta)} left`;
}
