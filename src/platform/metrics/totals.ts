// What all processes did since the beginning: counted here, added up in Postgres every few seconds, so that no restart and no number of workers matters.
import type { DataSource } from 'typeorm';
import { log } from '../log/log.js';

/** Every total with what its labels may be; all start at 0. */
export const TOTALS = {
  secondsight_stage_seconds_total: {
    help: 'Seconds of work by stage; wait: for the model, which another window had.',
    labels: { stage: ['scan', 'wait', 'decode', 'encode', 'answer'] },
  },
  secondsight_scanned_video_seconds_total: { help: 'Seconds of video that were scanned.', labels: {} },
  secondsight_tokens_total: { help: 'Tokens of the model: encoded from pictures, generated as answers.', labels: { kind: ['encoded', 'generated'] } },
  secondsight_windows_seen_total: {
    help: 'Looks at windows, by where what was seen came from: decoded and encoded now, features on disk, prefix in memory.',
    labels: { from: ['now', 'disk', 'memory'] },
  },
  secondsight_windows_finished_total: { help: 'Windows of analyses that ended.', labels: { status: ['ready', 'failed'] } },
  secondsight_questions_total: { help: 'Questions that were accepted; cached: answered from before.', labels: { cached: ['true', 'false'] } },
  secondsight_webhook_attempts_total: { help: 'Attempts to tell a webhook, by whether the receiver took the message.', labels: { taken: ['true', 'false'] } },
  secondsight_http_answers_total: { help: 'Answers to requests, by the class of their status.', labels: { class: ['2xx', '3xx', '4xx', '5xx'] } },
  secondsight_work_ended_total: {
    help: 'Pieces of work by how they ended: done, given back, to be tried again, given up, or passed to another worker.',
    labels: { outcome: ['done', 'given_back', 'retried', 'given_up', 'lost'] },
  },
} as const;

export type TotalName = keyof typeof TOTALS;

/** One value for each label of a total. */
export type LabelsOf<Name extends TotalName> = {
  readonly [Label in keyof (typeof TOTALS)[Name]['labels']]: (typeof TOTALS)[Name]['labels'][Label] extends readonly (infer Value)[] ? Value : never;
};

export interface Total {
  readonly name: TotalName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const FLUSH_MS = 5000;

const ADD = `
  INSERT INTO metric_totals (name, labels, value)
  SELECT name, labels, value FROM jsonb_to_recordset($1) AS counted(name text, labels jsonb, value double precision) ORDER BY name, labels
  ON CONFLICT (name, labels) DO UPDATE SET value = metric_totals.value + excluded.value`;

export class Totals {
  private counted = new Map<string, Total>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly dataSource: DataSource) {
    this.timer = setInterval(() => void this.flush(), FLUSH_MS).unref();
  }

  add<Name extends TotalName>(name: Name, labels: LabelsOf<Name>, value = 1): void {
    if (!(value > 0)) return;
    const key = JSON.stringify([name, labels]);
    this.counted.set(key, { name, labels: labels as Total['labels'], value: value + (this.counted.get(key)?.value ?? 0) });
  }

  /** What could not be written is written the next time; a process that is killed loses its last few seconds. */
  async flush(): Promise<void> {
    if (this.counted.size === 0) return;
    const counted = this.counted;
    this.counted = new Map();
    try {
      await this.dataSource.query(ADD, [JSON.stringify([...counted.values()])]);
    } catch (error) {
      log.debug({ err: error }, 'totals did not reach the database');
      for (const { name, labels, value } of counted.values()) this.add(name, labels, value);
    }
  }

  /** Of all processes, as last written; those never counted are 0. */
  async read(): Promise<Total[]> {
    const rows = await this.dataSource.query<Total[]>('SELECT name, labels, value FROM metric_totals');
    const known = new Map(rows.map((row) => [keyOf(row), row.value]));
    return zeros().map((zero) => ({ ...zero, value: known.get(keyOf(zero)) ?? 0 }));
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }
}

/** Postgres orders the names of labels in its own way. */
const keyOf = ({ name, labels }: Total): string => JSON.stringify([name, Object.entries(labels).sort()]);

/** Every total with each of its values; none has more than one label. */
function zeros(): Total[] {
  return Object.entries(TOTALS).flatMap(([name, { labels }]) => {
    const [label] = Object.entries<readonly string[]>(labels);
    const each = label ? label[1].map((value) => ({ [label[0]]: value })) : [{}];
    return each.map((values) => ({ name: name as TotalName, labels: values, value: 0 }));
  });
}
