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
          <span className={styles.more}>{problem ? `${problem.code}: ${problem.message}` : stateWords(seen_at, working.find((one) => one.id === id))}</span>
          {working.find((one) => one.id === id)?.doing.map((work) => <DoneNow key={`${work.kind} ${work.video?.id ?? ''} ${work.since}`} work={work} />)}
        </div>
      ))}
      {workers.length === 0 && <p className="lost">No worker is alive: work waits until one is started.</p>}
    </>
  );
}

/** One line, whatever is known: nothing moves when more of it is. */
const stateWords = (seenAt: string, worker: Worker | undefined): string =>
  [...(worker?.devices ?? []), ...(worker?.doing.length === 0 ? ['has nothing to do'] : []), `seen at ${clockTime.format(new Date(seenAt))}`].join(' · ');

type Work = Worker['doing'][number];

const WORDS: Readonly<Record<Work['kind'], string>> = {
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

function DoneNow({ work: { kind, video, since } }: { readonly work: Work }) {
  return (
    <span className={styles.more}>
      <span className="work">{WORDS[kind]}</span>
      {video && <> · <Link href={`/videos/${video.id}`}>{video.name}</Link></>}
      {` · since ${clockTime.format(new Date(since))}`}
    </span>
  );
}
