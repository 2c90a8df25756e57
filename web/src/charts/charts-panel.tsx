// How the installation was over the last hour, quarter of a day, day or week.
import { changeQuery, useQueryValue } from '../address/address';
import type { MetricsChart } from '../api/resources';
import { CHART_NAMES } from './chart-names';
import styles from './charts-panel.module.css';
import { HistoryCharts } from './history-charts';

const SPANS = [
  { value: '', name: '1 hour', minutes: 60 },
  { value: '6h', name: '6 hours', minutes: 360 },
  { value: '1d', name: '1 day', minutes: 1440 },
  { value: '7d', name: '7 days', minutes: 10_080 },
] as const;

const ALL = Object.keys(CHART_NAMES) as MetricsChart['id'][];

export default function ChartsPanel() {
  const wanted = useQueryValue('span');
  const span = SPANS.find(({ value }) => value === wanted) ?? SPANS[0];
  return (
    <>
      <div className={styles.head}>
        <div className={styles.spans} role="group" aria-label="How far back">
          {SPANS.map(({ value, name }) => (
            <button key={value} type="button" className={styles.span} aria-pressed={value === span.value} onClick={() => changeQuery({ span: value })}>
              {name}
            </button>
          ))}
        </div>
        <span className="dim">Measured every 15 s by the service itself; grey where nobody measured.</span>
      </div>
      <HistoryCharts minutes={span.minutes} ids={ALL} />
    </>
  );
}
