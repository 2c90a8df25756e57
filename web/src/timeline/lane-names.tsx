// The names of the lanes.
import type { Lane } from './lane';
import type { PlacedLane } from './lane-layout';
import styles from './lane-names.module.css';

const countOf = ({ count, spans }: Lane): number => count ?? spans.length;

export function LaneNames({ places, height }: { readonly places: readonly PlacedLane[]; readonly height: number }) {
  return (
    <div className={styles.names} style={{ height }}>
      {places.map(({ lane, height: tall }) => (
        <div key={lane.id} className={styles.name} style={{ height: tall }} title={lane.name}>
          <span className={styles.dot} style={{ background: `var(${lane.color})` }} />
          {lane.name}
          {countOf(lane) > 0 && <span className={styles.count}>{countOf(lane).toLocaleString()}</span>}
        </div>
      ))}
    </div>
  );
}
