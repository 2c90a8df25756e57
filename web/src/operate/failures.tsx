// What failed, by code: why, and once more.
import { Button } from '@mantine/core';
import { Link } from '../address/link';
import { failureWords } from '../api/problem';
import { startAnalysis } from '../api/tasks';
import type { Task } from '../api/resources';
import { showFailure } from '../shell/toasts';
import { grouped } from '../store/grouped';
import styles from './failures.module.css';

interface FailuresProps {
  readonly tasks: readonly Task[];
  /** Names of videos by id. */
  readonly names: ReadonlyMap<string, string>;
}

export function Failures({ tasks, names }: FailuresProps) {
  if (tasks.length === 0) return <p className="dim">None.</p>;
  const groups = [...grouped(tasks, ({ error }) => error?.code ?? 'task.failed')];
  return groups.map(([code, failed]) => (
    <details key={code} className={styles.group}>
      <summary>
        <code className="mono lost">{code}</code>
        <span>{failed.length === 1 ? '1 analysis' : `${failed.length} analyses`}</span>
        <span className={styles.why}>why</span>
      </summary>
      {failed.map((task) => (
        <div key={task.id} className={styles.row}>
          <span>
            <Link href={`/videos/${task.video_id}?task=${task.id}`}>{names.get(task.video_id) ?? 'a deleted video'}</Link>: {task.error && failureWords(task.error)}
          </span>
          <Button size="compact-xs" variant="default" onClick={() => void retry(task).catch(showFailure)}>
            Retry
          </Button>
        </div>
      ))}
    </details>
  ));
}

/** The same question once more; what was seen of its windows is kept. */
const retry = ({ video_id, prompt, segment_definitions: kinds, response_schema: schema, sampling, start_time, end_time, priority }: Task): Promise<Task> =>
  startAnalysis({
    ...{ video_id, priority, start_time, end_time, sampling },
    ...(prompt !== null && { prompt }),
    ...(kinds && { segment_definitions: kinds }),
    ...(schema && { response_format: { type: 'json_schema', json_schema: { schema } } }),
  });
