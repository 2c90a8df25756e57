// Operation: the work and how it went, what is stored, who may call, who is told, what is watched for, who changed what.
import { type ComponentType, lazy, type LazyExoticComponent, Suspense } from 'react';
import { useQueryValue } from '../address/address';
import { Link } from '../address/link';
import type { Scope } from '../api/resources';
import { useScopes } from '../session/session';
import styles from './operate-view.module.css';
import WorkPanel from './work-panel';

interface Panel {
  readonly id: string;
  readonly name: string;
  /** What a key has to allow. */
  readonly scope: Scope;
  /** Without a card around it: it is made of cards. */
  readonly bare?: boolean;
  readonly content: LazyExoticComponent<ComponentType>;
}

const PANELS: readonly Panel[] = [
  { id: 'charts', name: 'Charts', scope: 'admin', bare: true, content: lazy(() => import('../charts/charts-panel')) },
  { id: 'storage', name: 'Storage', scope: 'admin', content: lazy(() => import('../storage/storage-panel')) },
  { id: 'keys', name: 'API keys', scope: 'admin', content: lazy(() => import('../api-keys/api-keys-panel')) },
  { id: 'webhooks', name: 'Webhooks', scope: 'webhooks:manage', content: lazy(() => import('../webhooks/webhooks-panel')) },
  { id: 'alerts', name: 'Alerts', scope: 'webhooks:manage', content: lazy(() => import('../alerts/alerts-panel')) },
  { id: 'audit', name: 'Audit', scope: 'admin', content: lazy(() => import('../audit/audit-panel')) },
];

export default function OperateView() {
  const shown = useQueryValue('panel');
  const allowed = useScopes();
  const panel = PANELS.find(({ id }) => id === shown);
  return (
    <>
      <nav className={styles.tabs} aria-label="Operation">
        <Link className={styles.tab} href="/operate" aria-current={panel ? undefined : 'page'}>
          Work
        </Link>
        {PANELS.filter(({ scope }) => allowed(scope)).map(({ id, name }) => (
          <Link key={id} className={styles.tab} href={`/operate?panel=${id}`} aria-current={id === panel?.id ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      {panel ? (
        <section className={panel.bare ? styles.bare : styles.card} aria-label={panel.name}>
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
