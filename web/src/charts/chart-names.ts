// What the charts and their lines are called, and the colour of each line.
import type { MetricsChart } from '../api/resources';

interface ChartName {
  readonly title: string;
  readonly unit: string;
  /** Name and colour by the id of the line. */
  readonly lines: Readonly<Record<string, readonly [name: string, color: string]>>;
}

export const CHART_NAMES: Readonly<Record<MetricsChart['id'], ChartName>> = {
  waiting: { title: 'Work that waits', unit: 'pieces', lines: { windows: ['windows', '--work'], scans: ['scans', '--sky'], questions: ['questions', '--accent'] } },
  age: { title: 'Longest wait', unit: 'seconds', lines: { oldest: ['oldest', '--work'] } },
  windows: { title: 'Windows looked at', unit: 'a minute', lines: { ready: ['done', '--work'], failed: ['failed', '--lost'] } },
  tokens: { title: 'Tokens of the model', unit: 'a second', lines: { encoded: ['encoded', '--sky'], generated: ['generated', '--violet'] } },
  looks: { title: 'Where pictures came from', unit: 'looks a minute', lines: { now: ['decoded', '--work'], disk: ['disk', '--sand'], memory: ['memory', '--lime'] } },
  deliveries: { title: 'Webhook attempts', unit: 'a minute', lines: { taken: ['taken', '--work'], refused: ['refused', '--lost'] } },
  errors: { title: 'Requests that failed', unit: 'a minute', lines: { '4xx': ['refused (4xx)', '--sand'], '5xx': ['broken (5xx)', '--lost'] } },
};
