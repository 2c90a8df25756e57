// Operation: the work, and who may call, who is told, and what is watched for.
import { type ComponentType, lazy, type LazyExoticComponent, Suspense } from 'react';
import { useQueryValue } from '../address/address';
import { Link } from '../address/link';
import styles from './operate-view.module.css';
import WorkPanel from './work-panel';

interface Panel {
  readonly id: string;
  readonly name: string;
  readonly content: LazyExoticComponent<ComponentType>;
}

const PANELS: readonly Panel[] = [
  { id: 'keys', name: 'API keys', content: lazy(() => import('../api-keys/api-keys-panel')) },
  { id: 'webhooks', name: 'Webhooks', content: lazy(() => import('../webhooks/webhooks-panel')) },
  { id: 'alerts', name: 'Alerts', content: lazy(() => import('../alerts/alerts-panel')) },
];

export default function OperateView() {
  const shown = useQueryValue('panel');
  const panel = PANELS.find(({ id }) => id === shown);
  return (
    <>
      <nav className={styles.tabs} aria-label="Operation">
        <Link className={styles.tab} href="/operate" aria-current={panel ? undefined : 'page'}>
          Work
        </Link>
        {PANELS.map(({ id, name }) => (
          <Link key={id} className={styles.tab} href={`/operate?panel=${id}`} aria-current={id === panel?.id ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      {panel ? (
        <section className={styles.card} aria-label={panel.name}>
          <Suspense fallback={null}>
            <panel.content />
          </Suspense>
        </section>
      ) : (
        <WorkPanel />
      )}
    </>
  );
}
