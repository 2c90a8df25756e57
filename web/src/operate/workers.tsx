// The workers that live, and what stands behind them.
import { Link } from '../address/link';
import { ApiProblem } from '../api/problem';
import type { Readiness, Worker } from '../api/resources';
import styles from './workers.module.css';

const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

interface WorkersProps {
  readonly readiness: Readiness | undefined;
  readonly error: Error | null;
  /** With what each does; none for whoever may not see that. */
  readonly working: readonly Worker[];
}

export function Workers({ readiness, error, working }: WorkersProps) {
  if (error && !readiness) return <p className="lost">{error instanceof ApiProblem ? error.message : String(error)}</p>;
  if (!readiness) return null;
  const { database, storage, workers } = readiness;
  return (
    <>
      <div className={styles.row}>
        <span>Postgres</span>
        <span className={database === 'up' ? 'work' : 'lost'}>{database}</span>
      </div>
      <div className={styles.row}>
        <span>Store of the videos</span>
        <span className={storage === 'up' ? 'work' : 'lost'}>{storage}</span>
      </div>
      {workers.map(({ id, status, model, error: problem, seen_at }) => (
        <div key={id} className={styles.row}>
          <span className="mono">{id}</span>
          <span className={status === 'ready' ? 'work' : 'lost'}>{status === 'ready' ? `ready · ${model ?? 'no model'}` : 'not ready'}</span>
          <Doing worker={working.find((one) => one.id === id)} />
          <span className={styles.more}>{problem ? `${problem.code}: ${problem.message}` : `seen at ${clockTime.format(new Date(seen_at))}`}</span>
        </div>
      ))}
      {workers.length === 0 && <p className="lost">No worker is alive: work waits until one is started.</p>}
    </>
  );
}

const WORK: Readonly<Record<Worker['doing'][number]['kind'], string>> = {
  window: 'looks at a window',
  plan: 'plans an analysis',
  scan: 'scans',
  question: 'answers a question',
  chat: 'answers a conversation',
  fetch: 'fetches a video',
  cut: 'cuts an MP4',
  copy: 'makes a copy that browsers play',
  webhook: 'tells a webhook',
};

function Doing({ worker }: { readonly worker: Worker | undefined }) {
  if (!worker) return null;
  const { devices, doing } = worker;
  return (
    <>
      {devices.length > 0 && <span className={styles.more}>{devices.join(', ')}</span>}
      {doing.map(({ kind, video, since }) => (
        <span key={`${kind} ${video?.id ?? ''} ${since}`} className={styles.more}>
          <span className="work">{WORK[kind]}</span>
          {video && <> · <Link href={`/videos/${video.id}`}>{video.name}</Link></>}
          {` · since ${clockTime.format(new Date(since))}`}
        </span>
      ))}
      {doing.length === 0 && <span className={styles.more}>has nothing to do</span>}
    </>
  );
}
