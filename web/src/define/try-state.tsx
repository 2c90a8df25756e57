// How far a try is, window by window.
import type { Task } from '../api/resources';
import { isRunning } from '../api/tasks';
import { WindowCells } from '../operate/window-cells';
import { spokenLength } from '../time/time-format';
import styles from './try-state.module.css';
import type { Try } from './use-try';

export function TryState({ tried: { task, windows } }: { readonly tried: Try }) {
  return (
    <div className={styles.state} role="status">
      <span className={task && isRunning(task) ? 'work' : task?.status === 'failed' ? 'lost' : 'dim'}>{words(task)}</span>
      {task && <WindowCells windows={windows} />}
    </div>
  );
}

function words(task: Task | undefined): string {
  if (!task) return 'The in and out points mark the range to try.';
  const { done, total } = task.windows;
  switch (task.status) {
    case 'queued':
      return 'Waiting for a worker';
    case 'processing':
      return `${done} / ${total} windows${task.eta_seconds ? ` · ${spokenLength(task.eta_seconds)} left` : ''}`;
    case 'ready':
      return `Tried on ${spokenLength(task.end_time - task.start_time)} · ${total} window${total === 1 ? '' : 's'}`;
    case 'failed':
      return task.error?.message ?? 'The try failed';
    case 'canceled':
      return `Canceled at ${done} / ${total} windows`;
  }
}
