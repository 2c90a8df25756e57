// Which two analyses are compared, how much overlap counts, and how they agree in one line.
import { NativeSelect } from '@mantine/core';
import { changeQuery } from '../address/address';
import { Link } from '../address/link';
import { labelOf } from '../analysis/analysis-label';
import type { Comparison, Task, Video } from '../api/resources';
import { decimal } from '../numbers/decimal';
import styles from './compare-bar.module.css';

interface CompareBarProps {
  readonly video: Video;
  /** Whether the analyses are not known yet. */
  readonly isLoading: boolean;
  readonly tasks: readonly Task[];
  readonly a: Task | undefined;
  readonly b: Task | undefined;
  readonly minIou: number;
  readonly comparison: Comparison | undefined;
}

export function CompareBar({ video, isLoading, tasks, a, b, minIou, comparison }: CompareBarProps) {
  const options = tasks.map((task) => ({ value: task.id, label: labelOf(task, video) }));
  const choice = (letter: 'a' | 'b', task: Task | undefined) => (
    <NativeSelect
      size="xs"
      label={letter.toUpperCase()}
      value={task?.id ?? ''}
      data={task ? options : [{ value: '', label: isLoading ? '…' : 'choose an analysis' }, ...options]}
      onChange={(event) => changeQuery({ a: a?.id, b: b?.id, [letter]: event.currentTarget.value })}
    />
  );
  return (
    <div className={styles.bar}>
      <p className={styles.title}>
        <Link href={`/videos/${video.id}`}>{video.name}</Link>
      </p>
      <div className={styles.choices}>
        {choice('a', a)}
        {choice('b', b)}
      </div>
      {!isLoading && tasks.length < 2 && <p className="dim">This video has been analysed {tasks.length === 1 ? 'once' : 'never'}: there is nothing to compare. Analyse it again, in part or for other kinds of segments.</p>}
      <label className={styles.least}>
        <span>The same from an overlap of {decimal(minIou, 2)}</span>
        <input type="range" min={0.05} max={0.95} step={0.05} value={minIou} onChange={(event) => changeQuery({ iou: event.target.value === '0.5' ? null : event.target.value })} />
      </label>
      <p className={styles.figures} role="status">
        {comparison && (
          <>
            <strong>{Math.round(comparison.agreement * 100)} %</strong> agreement
            {comparison.mean_iou !== null && (
              <>
                {' '}· mean overlap <strong>{decimal(comparison.mean_iou, 2)}</strong>
              </>
            )}
          </>
        )}
      </p>
    </div>
  );
}
