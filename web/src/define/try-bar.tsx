// Tries the kinds on the range, and says how far that is.
import { Button } from '@mantine/core';
import { navigate } from '../address/address';
import { cancelAnalysis, isRunning } from '../api/tasks';
import type { PlannedWindow, Task, Video } from '../api/resources';
import { WindowCells } from '../operate/window-cells';
import { showFailure } from '../shell/toasts';
import { formatTime, spokenLength } from '../time/time-format';
import { useTimeUnit } from '../time/time-unit';
import { definitionsOf, type Draft } from './draft';
import styles from './try-bar.module.css';
import { useCommandKey } from './use-command-key';
import { analyseWhole, startTry, type TimeRange } from './use-try';

interface TryBarProps {
  readonly video: Video;
  readonly draft: Draft;
  readonly range: TimeRange;
  readonly task: Task | undefined;
  readonly windows: readonly PlannedWindow[];
}

export function TryBar({ video, draft, range, task, windows }: TryBarProps) {
  const unit = useTimeUnit();
  const running = task !== undefined && isRunning(task);
  const start = (): void => void (running || startTry(video, draft, range).catch(showFailure));
  useCommandKey('Enter', start);
  const place = `${formatTime(range.start, unit, video.frame_rate)} – ${formatTime(range.end, unit, video.frame_rate)}`;
  const isTried = task?.status === 'ready' && JSON.stringify(task.segment_definitions) === JSON.stringify(definitionsOf(draft));
  return (
    <>
      {running && task ? (
        <Button size="compact-sm" variant="default" onClick={() => void cancelAnalysis(task.id).catch(showFailure)}>
          Cancel
        </Button>
      ) : (
        <Button size="compact-sm" onClick={start} title="Ctrl Enter">
          Try on {place}
        </Button>
      )}
      <div className={styles.state} role="status">
        <span className={running ? 'work' : task?.status === 'failed' ? 'lost' : 'dim'}>{words(task)}</span>
        {task && <WindowCells windows={windows} />}
      </div>
      {isTried && (
        <Button size="compact-sm" variant="default" onClick={() => void analyseWhole(video, draft).then(({ id }) => navigate(`/videos/${video.id}?task=${id}&tab=segments`), showFailure)}>
          Analyse the whole video
        </Button>
      )}
    </>
  );
}

function words(task: Task | undefined): string {
  if (!task) return 'I and O mark the range to try.';
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
