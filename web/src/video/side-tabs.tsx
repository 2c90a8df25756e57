// The panels beside the picture.
import type { KeyboardEvent, ReactNode } from 'react';
import { changeQuery, useQueryValue } from '../address/address';
import styles from './side-tabs.module.css';

export interface SideTab {
  readonly id: string;
  readonly name: string;
  readonly count?: number | undefined;
  readonly content: () => ReactNode;
}

export function SideTabs({ tabs }: { readonly tabs: readonly SideTab[] }) {
  const wanted = useQueryValue('tab');
  const shown = tabs.find(({ id }) => id === wanted) ?? tabs[0];
  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || !shown) return;
    event.preventDefault();
    event.stopPropagation();
    const next = tabs[(tabs.indexOf(shown) + by + tabs.length) % tabs.length];
    changeQuery({ tab: next?.id });
    document.getElementById(`tab-${next?.id ?? ''}`)?.focus();
  };
  return (
    <>
      <div role="tablist" aria-label="Panels" className={styles.tabs} onKeyDown={move}>
        {tabs.map(({ id, name, count }) => (
          <button key={id} id={`tab-${id}`} type="button" role="tab" className={styles.tab} aria-selected={id === shown?.id} aria-controls="side-panel" tabIndex={id === shown?.id ? 0 : -1} onClick={() => changeQuery({ tab: id })}>
            {name}
            {count !== undefined && <span className={styles.count}>{count > 0 && count.toLocaleString()}</span>}
          </button>
        ))}
      </div>
      <div id="side-panel" role="tabpanel" aria-labelledby={`tab-${shown?.id ?? ''}`} className={styles.panel} tabIndex={-1}>
        {shown?.content()}
      </div>
    </>
  );
}
