// One analysis that runs or waits, window by window.
import { Button } from '@mantine/core';
import { Link } from '../address/link';
import { cancelAnalysis, useWindows } from '../api/tasks';
import type { Task } from '../api/resources';
import { showFailure } from '../shell/toasts';
import { spokenLength } from '../time/time-format';
import styles from './running-task.module.css';
import { WindowCells } from './window-cells';

export function RunningTask({ task, name }: { readonly task: Task; readonly name: string }) {
  const { data: windows = [] } = useWindows(task);
  const { done, total } = task.windows;
  return (
    <article className={styles.row}>
      <div className={styles.name}>
        <Link href={`/videos/${task.video_id}`}>{name}</Link>
        <span className="dim">{task.status === 'queued' ? 'waits' : task.stage}</span>
      </div>
      <WindowCells windows={windows} />
      <span className="mono">{`${done} / ${total} windows`}</span>
      <span className="mono">{task.eta_seconds ? `${spokenLength(task.eta_seconds)} left` : ''}</span>
      <Button size="compact-xs" variant="default" aria-label={`Cancel the analysis of ${name}`} onClick={() => void cancelAnalysis(task.id).catch(showFailure)}>
        Cancel
      </Button>
    </article>
  );
}
