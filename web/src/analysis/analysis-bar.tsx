// How far the analysis of a video is, which of several is shown, and a new one.
import { Button, NativeSelect } from '@mantine/core';
import { changeQuery } from '../address/address';
import { failureWords } from '../api/problem';
import { cancelAnalysis, isRunning, startAnalysis } from '../api/tasks';
import type { Scan, Task, TaskRequest, Video } from '../api/resources';
import { showFailure } from '../shell/toasts';
import { spokenLength } from '../time/time-format';
import { AnalyseMenu } from './analyse-menu';
import styles from './analysis-bar.module.css';
import { labelOf, soughtBy } from './analysis-label';

interface AnalysisBarProps {
  readonly video: Video;
  readonly tasks: readonly Task[];
  readonly task: Task | undefined;
  /** Whether the analyses are not known yet. */
  readonly isLoading: boolean;
  readonly scan: Scan | undefined;
  readonly range: { readonly start: number; readonly end: number } | undefined;
}

export function AnalysisBar({ video, tasks, task, isLoading, scan, range }: AnalysisBarProps) {
  const running = task !== undefined && isRunning(task);
  const part = range && { start_time: range.start, end_time: range.end };
  const start = (what: Pick<TaskRequest, 'preset_id'> = {}): void => void startAnalysis({ video_id: video.id, priority: 'normal', ...part, ...what }).then(({ id }) => changeQuery({ task: id }), showFailure);
  return (
    <div className={styles.bar}>
      <div className={styles.words}>
        <span className={running ? 'work' : (task ?? scan)?.status === 'failed' ? 'lost' : 'dim'}>{isLoading ? '…' : words(task, scan)}</span>
        <div className={styles.track} role="progressbar" aria-label="Analysis" aria-valuenow={Math.round((task?.progress ?? 0) * 100)} aria-valuemin={0} aria-valuemax={100}>
          <div style={{ width: `${(task?.progress ?? 0) * 100}%` }} />
        </div>
      </div>
      {running && task ? (
        <Button size="compact-xs" variant="default" onClick={() => void cancelAnalysis(task.id).catch(showFailure)}>
          Cancel
        </Button>
      ) : (
        <Button size="compact-xs" variant="default" onClick={() => start()}>
          {range ? 'Analyse selection' : task ? 'Analyse again' : 'Analyse'}
        </Button>
      )}
      <AnalyseMenu video={video} range={range} canCompare={tasks.length > 1} onStart={start} />
      {tasks.length > 1 && (
        <NativeSelect
          size="xs"
          className={styles.choice ?? ''}
          aria-label="Analysis that is shown"
          value={task?.id ?? ''}
          data={tasks.map((one) => ({ value: one.id, label: labelOf(one, video) }))}
          onChange={(event) => changeQuery({ task: event.currentTarget.value })}
        />
      )}
    </div>
  );
}

function scanWords(scan: Scan | undefined): string {
  if (!scan) return '…';
  if (scan.status === 'failed') return scan.error?.message ?? 'The scan failed';
  return scan.status === 'ready' ? 'Scanned, not analysed' : 'Being scanned';
}

function words(task: Task | undefined, scan: Scan | undefined): string {
  if (!task) return scanWords(scan);
  const { done, total } = task.windows;
  switch (task.status) {
    case 'queued':
      return 'Waiting for a worker';
    case 'processing':
      return `Analysed ${Math.round(task.progress * 100)} % · ${done} / ${total} windows${task.eta_seconds ? ` · ${spokenLength(task.eta_seconds)} left` : ''}`;
    case 'ready':
      return `Analysed · ${task.segment_definitions ? `${soughtBy(task)} · ` : ''}${total} window${total === 1 ? '' : 's'} · ${task.model?.name ?? ''}`;
    case 'failed':
      return task.error ? failureWords(task.error) : 'The analysis failed';
    case 'canceled':
      return `Canceled at ${Math.round(task.progress * 100)} %`;
  }
}
