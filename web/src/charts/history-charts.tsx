// Charts of the history of the metrics, all of them or some.
import { useHistory } from '../api/metrics';
import type { MetricsChart } from '../api/resources';
import { ProblemNotice } from '../shell/problem-notice';
import { Chart } from './chart';
import { CHART_NAMES } from './chart-names';
import styles from './history-charts.module.css';

interface HistoryChartsProps {
  readonly minutes: number;
  readonly ids: readonly MetricsChart['id'][];
}

export function HistoryCharts({ minutes, ids }: HistoryChartsProps) {
  const { data: history, error } = useHistory(minutes);
  if (error && !history) return <ProblemNotice error={error} />;
  return (
    <div className={styles.charts}>
      {ids.map((id) => {
        const { title, unit, lines: names } = CHART_NAMES[id];
        const chart = history?.charts.find((one) => one.id === id);
        const lines = Object.entries(names).map(([line, [name, color]]) => ({ name, color, values: chart?.lines.find((one) => one.id === line)?.values ?? [] }));
        return <Chart key={id} title={title} unit={unit} startMs={history ? Date.parse(history.start_time) : 0} stepMs={(history?.step_seconds ?? 0) * 1000} lines={lines} />;
      })}
    </div>
  );
}
