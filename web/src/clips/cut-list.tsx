// The MP4 files that were made of clip lists, and those that are being made.
import { Button } from '@mantine/core';
import { cancelCut, cutFileAddress, deleteCut, isCutting, useCuts } from '../api/cuts';
import type { Cut } from '../api/resources';
import { fileSize } from '../library/file-size';
import { showFailure } from '../shell/toasts';
import { spokenLength } from '../time/time-format';
import styles from './cut-list.module.css';

export function CutList() {
  const { data: cuts = [] } = useCuts();
  if (cuts.length === 0) return null;
  return (
    <section className={styles.box} aria-label="MP4 files">
      <h3 className={styles.head}>MP4 files</h3>
      <ul className={styles.list}>
        {cuts.map((cut) => (
          <CutRow key={cut.id} cut={cut} />
        ))}
      </ul>
    </section>
  );
}

function CutRow({ cut }: { readonly cut: Cut }) {
  const { id, name, files, progress, error, status } = cut;
  const run = (work: Promise<void>): void => void work.catch(showFailure);
  return (
    <li className={styles.row} data-status={status}>
      <div className={styles.words}>
        <strong>{name}</strong>
        <span className="dim">{wordsOf(cut)}</span>
        {error && <span className={styles.lost}>{`${error.message} (${error.code})`}</span>}
      </div>
      {isCutting(cut) && (
        <div className={styles.bar} role="progressbar" aria-label={`Cut of ${name}`} aria-valuenow={Math.round(progress * 100)} aria-valuemin={0} aria-valuemax={100}>
          <div style={{ width: `${progress * 100}%` }} />
        </div>
      )}
      <div className={styles.actions}>
        {files.map(({ number, bytes, frames }) => (
          <Button key={number} size="compact-xs" component="a" href={cutFileAddress(id, number)} download title={`${frames.toLocaleString()} frames`}>
            {`Download${files.length === 1 ? '' : ` ${number}`} · ${fileSize(bytes)}`}
          </Button>
        ))}
        {isCutting(cut) ? (
          <Button size="compact-xs" variant="default" onClick={() => run(cancelCut(id))} aria-label={`Cancel the cut of ${name}`}>
            Cancel
          </Button>
        ) : (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => run(deleteCut(id))} aria-label={`Delete the files of ${name}`}>
            Delete
          </Button>
        )}
      </div>
    </li>
  );
}

const moment = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

function wordsOf({ status, progress, duration, clips, created_at: at, expires_at: expires }: Cut): string {
  const length = duration > 0 ? duration : clips.reduce((sum, { start_time: start, end_time: end }) => sum + end - start, 0);
  const what = `${clips.length} clip${clips.length === 1 ? '' : 's'}, ${spokenLength(length)} · ${moment.format(new Date(at))}`;
  switch (status) {
    case 'queued':
      return `${what} · waits for a worker`;
    case 'processing':
      return `${what} · ${Math.round(progress * 100)} %`;
    case 'ready':
      return `${what}${expires === null ? '' : ` · kept until ${new Date(expires).toLocaleDateString()}`}`;
    case 'failed':
      return `${what} · could not be cut`;
    case 'canceled':
      return `${what} · canceled`;
  }
}
