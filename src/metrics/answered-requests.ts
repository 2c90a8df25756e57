// Adds what this process answered to the totals of all processes, by the class of the status.
import { Injectable } from '@nestjs/common';
import { requestSeconds } from '../platform/metrics/process-metrics.js';
import { Totals } from '../platform/metrics/totals.js';

const CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const;

@Injectable()
export class AnsweredRequests {
  private added = new Map<string, number>();

  constructor(private readonly totals: Totals) {}

  /** What was answered since the last call. */
  async add(): Promise<void> {
    const { values } = await requestSeconds.get();
    const counts = values.filter(({ metricName }) => metricName?.endsWith('_count'));
    for (const name of CLASSES) {
      const count = counts.filter(({ labels }) => String(labels.status).startsWith(name.charAt(0))).reduce((sum, { value }) => sum + value, 0);
      this.totals.add('secondsight_http_answers_total', { class: name }, count - (this.added.get(name) ?? 0));
      this.added.set(name, count);
    }
  }
}
