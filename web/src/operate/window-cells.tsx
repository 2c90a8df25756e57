// Windows as cells: done, being done, waiting, lost.
import type { PlannedWindow } from '../api/resources';
import { grouped } from '../store/grouped';
import styles from './window-cells.module.css';

const NAMES: Readonly<Record<PlannedWindow['status'], string>> = { queued: 'waiting', processing: 'being looked at', ready: 'done', failed: 'failed', canceled: 'canceled' };

export function WindowCells({ windows }: { readonly windows: readonly PlannedWindow[] }) {
  const counts = grouped(windows, ({ status }) => status);
  const words = [...counts].map(([status, some]) => `${some.length} ${NAMES[status]}`).join(', ');
  return (
    <div className={styles.cells} role="img" aria-label={words === '' ? 'no window is planned yet' : `Windows: ${words}`}>
      {windows.map(({ ordinal, status, attempt, error }) => (
        <i key={ordinal} data-status={status} title={`window ${ordinal + 1}: ${NAMES[status]}${attempt > 1 ? `, attempt ${attempt}` : ''}${error ? `: ${error.message}` : ''}`} />
      ))}
    </div>
  );
}
