// What the colours of the events stand for: the most frequent ones.
import { memo, useMemo } from 'react';
import styles from './color-key.module.css';
import type { Lane } from './lane';

const MOST = 12;

/** A mark that stands for many has no name of its own. */
const MANY = /^\d+ × /;

export const ColorKey = memo(function ColorKey({ lanes }: { readonly lanes: readonly Lane[] }) {
  const names = useMemo(() => namesOf(lanes.find(({ id }) => id === 'event')), [lanes]);
  if (names.length === 0) return null;
  return (
    <ul className={styles.key} aria-label="Colours of the events">
      {names.map(({ label, color }) => (
        <li key={label}>
          <span className={styles.dot} style={{ background: `var(${color})` }} />
          {label.replace(/\.$/, '')}
        </li>
      ))}
    </ul>
  );
});

function namesOf(lane: Lane | undefined): { readonly label: string; readonly color: string }[] {
  const counts = new Map<string, { readonly color: string; readonly count: number }>();
  for (const { label, color } of lane?.spans ?? []) if (!MANY.test(label)) counts.set(label, { color, count: (counts.get(label)?.count ?? 0) + 1 });
  return [...counts].sort(([, a], [, b]) => b.count - a.count).slice(0, MOST).map(([label, { color }]) => ({ label, color }));
}
