// The workers that live, and what stands behind them.
import { ApiProblem } from '../api/problem';
import type { Readiness } from '../api/resources';
import styles from './workers.module.css';

const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

export function Workers({ readiness, error }: { readonly readiness: Readiness | undefined; readonly error: Error | null }) {
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
          <span className={styles.more}>{problem ? `${problem.code}: ${problem.message}` : `seen at ${clockTime.format(new Date(seen_at))}`}</span>
        </div>
      ))}
      {workers.length === 0 && <p className="lost">No worker is alive: work waits until one is started.</p>}
    </>
  );
}
