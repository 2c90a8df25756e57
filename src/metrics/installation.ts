// The whole installation as metrics: what is stored and due, who works, and what all processes did, as Postgres tells it at the moment it is asked.
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { DUE_ANALYSIS } from '../analysis/index.js';
import { DUE_CHATS } from '../chat/index.js';
import { WorkersService } from '../health/index.js';
import { DUE_QUESTIONS } from '../moments/index.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { measureDue } from '../platform/database/due-jobs.js';
import { log } from '../platform/log/log.js';
import { processMetrics } from '../platform/metrics/process-metrics.js';
import { TOTALS, Totals } from '../platform/metrics/totals.js';
import { diskSpace } from '../platform/storage/disk-space.js';
import { DUE_SCANS } from '../scans/index.js';
import { DUE_CUTS } from '../cuts/index.js';
import { DUE_PROXIES } from '../proxies/index.js';
import { DUE_UPLOADS } from '../uploads/index.js';
import { STATE_METRICS } from './state-metrics.js';

/** Every kind of work that is measured while it waits. */
export const DUE = [...DUE_UPLOADS, ...DUE_SCANS, ...DUE_ANALYSIS, ...DUE_QUESTIONS, ...DUE_CHATS, ...DUE_CUTS, ...DUE_PROXIES];

@Injectable()
export class Installation {
  private underWay: Promise<string> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly workers: WorkersService,
    private readonly totals: Totals,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** In the text format of Prometheus. While the database is away, what this process knows of itself. Whoever asks meanwhile is told the same. */
  text(): Promise<string> {
    this.underWay ??= this.measure().finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  /** What Postgres knows, value by value. Rejects while it is away. */
  async stored(): Promise<readonly Measurement[]> {
    const measured = new Measured();
    await this.measureDatabase(measured);
    return measured.list;
  }

  private async measure(): Promise<string> {
    const measured = new Measured();
    await this.measureDisk(measured);
    const isUp = await this.measureDatabase(measured).then(
      () => true,
      (error: unknown) => {
        log.warn({ err: error }, 'the database could not be measured');
        return false;
      },
    );
    measured.gauge('secondsight_database_up', 'Whether the database answers: while it does not, what it knows is absent.', Number(isUp));
    return Registry.merge([processMetrics, measured.registry]).metrics();
  }

  /** One statement after the other: a look from outside takes one connection of the pool. */
  private async measureDatabase(measured: Measured): Promise<void> {
    for (const { name, help, sql } of STATE_METRICS) {
      for (const { value, ...labels } of await this.dataSource.query<({ value: number } & Record<string, string>)[]>(sql)) measured.gauge(name, help, value, labels);
    }
    for (const query of DUE) {
      const { job: kind, count, ageSeconds } = await measureDue(this.dataSource, query);
      measured.gauge('secondsight_due_jobs', 'Pieces of work that nobody does yet, by kind.', count, { kind });
      measured.gauge('secondsight_due_age_seconds', 'How long ago the oldest of them came to be.', ageSeconds, { kind });
    }
    for (const { name, labels, value } of await this.totals.read()) measured.counter(name, TOTALS[name].help, value, labels);
    await this.measureWorkers(measured);
  }

  private async measureWorkers(measured: Measured): Promise<void> {
    const alive = await this.workers.alive();
    for (const status of ['ready', 'not_ready']) {
      measured.gauge('secondsight_workers', 'Workers that live, by status.', alive.filter((worker) => worker.status === status).length, { status });
    }
    const loaded = alive.flatMap(({ model }) => (model ? [model.name] : []));
    measured.gauge('secondsight_model_loaded', 'Workers that have a model loaded.', loaded.length);
    for (const model of new Set(loaded)) measured.gauge('secondsight_models', 'Workers by the model that they have loaded.', loaded.filter((name) => name === model).length, { model });
  }

  private async measureDisk(measured: Measured): Promise<void> {
    const { freeBytes, sizeBytes } = await diskSpace(this.config.DATA_DIR);
    measured.gauge('secondsight_disk_free_bytes', 'Free room on the disk of DATA_DIR.', freeBytes);
    measured.gauge('secondsight_disk_size_bytes', 'Size of the disk of DATA_DIR.', sizeBytes);
    measured.gauge('secondsight_disk_reserve_bytes', 'Room that is to stay free (STORAGE_RESERVE_BYTES).', this.config.STORAGE_RESERVE_BYTES);
  }
}

/** One value under a name and its labels. */
export interface Measurement {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Values of one moment, in the form of Prometheus and as a list. */
class Measured {
  readonly registry = new Registry();
  readonly list: Measurement[] = [];

  gauge(name: string, help: string, value: number, labels: Record<string, string> = {}): void {
    const known = this.registry.getSingleMetric(name) as Gauge | undefined;
    const gauge = known ?? new Gauge({ name, help, labelNames: Object.keys(labels), registers: [this.registry] });
    gauge.set(labels, value);
    this.list.push({ name, labels, value });
  }

  counter(name: string, help: string, value: number, labels: Readonly<Record<string, string>>): void {
    const known = this.registry.getSingleMetric(name) as Counter | undefined;
    const counter = known ?? new Counter({ name, help, labelNames: Object.keys(labels), registers: [this.registry] });
    counter.inc(labels, value);
    this.list.push({ name, labels, value });
  }
}
