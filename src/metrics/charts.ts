// The charts that an operator sees: which measurements each line is made of, and how.
import { type Measurement } from './installation.js';

export interface ChartLine {
  readonly id: string;
  /** Measurements that it is made of: those with one of these names and with these values of labels. */
  readonly of: readonly { readonly name: string; readonly labels?: Readonly<Record<string, readonly string[]>> }[];
}

export interface Chart {
  readonly id: string;
  /** What the values are. */
  readonly unit: 'pieces' | 'seconds' | 'per minute' | 'per second';
  /** level: as it is at the moment; rate: how much a total grew. */
  readonly kind: 'level' | 'rate';
  /** How several measurements become one value. */
  readonly join: 'sum' | 'max';
  readonly lines: readonly ChartLine[];
}

const due = (...kind: string[]) => ({ name: 'secondsight_due_jobs', labels: { kind } });

export const CHARTS: readonly Chart[] = [
  {
    ...({ id: 'waiting', unit: 'pieces', kind: 'level', join: 'sum' } as const),
    lines: [
      { id: 'windows', of: [{ name: 'secondsight_windows', labels: { status: ['queued'] } }] },
      { id: 'scans', of: [due('begin-scan', 'scan-chunk', 'finish-scan', 'receive-upload')] },
      { id: 'questions', of: [{ name: 'secondsight_open_questions', labels: { status: ['queued'] } }, due('answer-chat')] },
    ],
  },
  { id: 'age', unit: 'seconds', kind: 'level', join: 'max', lines: [{ id: 'oldest', of: [{ name: 'secondsight_due_age_seconds' }] }] },
  {
    ...({ id: 'windows', unit: 'per minute', kind: 'rate', join: 'sum' } as const),
    lines: ['ready', 'failed'].map((status) => ({ id: status, of: [{ name: 'secondsight_windows_finished_total', labels: { status: [status] } }] })),
  },
  {
    ...({ id: 'tokens', unit: 'per second', kind: 'rate', join: 'sum' } as const),
    lines: ['encoded', 'generated'].map((kind) => ({ id: kind, of: [{ name: 'secondsight_tokens_total', labels: { kind: [kind] } }] })),
  },
  {
    ...({ id: 'looks', unit: 'per minute', kind: 'rate', join: 'sum' } as const),
    lines: ['now', 'disk', 'memory'].map((from) => ({ id: from, of: [{ name: 'secondsight_windows_seen_total', labels: { from: [from] } }] })),
  },
  {
    ...({ id: 'deliveries', unit: 'per minute', kind: 'rate', join: 'sum' } as const),
    lines: [
      { id: 'taken', of: [{ name: 'secondsight_webhook_attempts_total', labels: { taken: ['true'] } }] },
      { id: 'refused', of: [{ name: 'secondsight_webhook_attempts_total', labels: { taken: ['false'] } }] },
    ],
  },
  {
    ...({ id: 'errors', unit: 'per minute', kind: 'rate', join: 'sum' } as const),
    lines: ['4xx', '5xx'].map((status) => ({ id: status, of: [{ name: 'secondsight_http_answers_total', labels: { class: [status] } }] })),
  },
];

/** What a sample keeps of a line. */
export const keyOf = (chart: Chart, line: ChartLine): string => `${chart.id}.${line.id}`;

/** The value of every line, of levels as they are and of rates the total so far. */
export function sampleOf(measured: readonly Measurement[]): Record<string, number> {
  return Object.fromEntries(CHARTS.flatMap((chart) => chart.lines.map((line) => [keyOf(chart, line), valueOf(chart, line, measured)])));
}

function valueOf({ join }: Chart, { of }: ChartLine, measured: readonly Measurement[]): number {
  const own = measured.filter(({ name, labels }) => of.some((from) => from.name === name && Object.entries(from.labels ?? {}).every(([label, values]) => values.includes(labels[label] ?? ''))));
  return join === 'max' ? Math.max(0, ...own.map(({ value }) => value)) : own.reduce((sum, { value }) => sum + value, 0);
}
