// Keeps a sample of the charts' lines every few seconds in Postgres, whichever api process comes first.
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../platform/config/config.js';
import { log } from '../platform/log/log.js';
import { AnsweredRequests } from './answered-requests.js';
import { sampleOf } from './charts.js';
import { type Sample } from './history.js';
import { Installation } from './installation.js';

export const SAMPLE_SECONDS = 15;

/** The time of a sample is the beginning of its turn, so that several processes keep one. */
const TURN = `date_bin(interval '${SAMPLE_SECONDS} seconds', now(), timestamptz 'epoch')`;

@Injectable()
export class Sampler implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly installation: Installation,
    private readonly answered: AnsweredRequests,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const beat = (): void => void this.take().catch((error: unknown) => log.debug({ err: error }, 'no sample of the metrics was kept'));
    beat();
    this.timer = setInterval(beat, SAMPLE_SECONDS * 1000).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async take(): Promise<void> {
    await this.answered.add();
    const taken = await this.dataSource.query<unknown[]>(`SELECT 1 FROM metric_samples WHERE at = ${TURN}`);
    if (taken.length > 0) return;
    const values = sampleOf(await this.installation.stored());
    await this.dataSource.query(`INSERT INTO metric_samples (at, "values") VALUES (${TURN}, $1) ON CONFLICT DO NOTHING`, [JSON.stringify(values)]);
    await this.dataSource.query('DELETE FROM metric_samples WHERE at < now() - make_interval(secs => 86400 * $1)', [this.config.METRICS_HISTORY_DAYS]);
  }

  /** In order of time, from a second since 1970 on. */
  since(seconds: number): Promise<Sample[]> {
    return this.dataSource.query<Sample[]>(
      `SELECT extract(epoch FROM at)::float8 AS "atSeconds", "values" FROM metric_samples WHERE at >= to_timestamp($1) ORDER BY metric_samples.at`,
      [seconds],
    );
  }
}
