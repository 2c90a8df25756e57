// The figures of a run.
import { quantile, rounded } from '../../src/model/metrics/statistics.js';
import { type Figures } from '../harness/report.js';
import { type Run } from './engine.js';
import { resourcesOf } from './resources.js';
import { type Settings } from './settings.js';

const HOUR = 3600;

export function outcomeOf(run: Run, settings: Settings): Figures {
  const waits = [...run.windowWaits];
  const done = run.analysed.map(({ doneSeconds }) => doneSeconds);
  const videoHours = run.analysed.reduce((sum, { arrival }) => sum + arrival.videoSeconds, 0) / HOUR;
  const span = Math.max(run.spanSeconds, settings.days * 24 * HOUR);
  const cost = (settings.gpus * settings['gpu-price'] + settings.cores * settings['core-price']) * (span / HOUR);
  const resources = resourcesOf(run, settings);
  const tenants = tenantsOf(run);
  const [first] = resources;
  return {
    videos: run.analysed.length,
    video_hours: rounded(videoHours, 1),
    windows: waits.length,
    tokens: run.tokens,
    gpu_seconds_per_video_hour: rounded(run.gpuBusySeconds / videoHours, 1),
    queue_age_p50_seconds: rounded(quantile(waits, 0.5), 1),
    queue_age_p95_seconds: rounded(quantile(waits, 0.95), 1),
    queue_age_max_seconds: rounded(waits.reduce((most, wait) => Math.max(most, wait), 0), 1),
    first_window_p95_seconds: rounded(quantile(run.analysed.map(({ firstSeconds }) => firstSeconds), 0.95), 1),
    done_p50_seconds: rounded(quantile(done, 0.5), 1),
    done_p95_seconds: rounded(quantile(done, 0.95), 1),
    most_open_tasks: run.mostOpenTasks,
    fairness: rounded(fairnessOf(tenants.map(({ speed }) => speed)), 3),
    gpu_utilisation: rounded(run.gpuBusySeconds / (settings.gpus * span), 3),
    core_utilisation: rounded(run.coreBusySeconds / (settings.cores * span), 3),
    drained_after_hours: rounded(run.spanSeconds / HOUR, 1),
    cost: rounded(cost, 1),
    cost_per_video_hour: rounded(cost / videoHours, 3),
    first_bottleneck: first?.name ?? '',
    first_bottleneck_at_hours_a_day: Math.round(first?.carriesHours ?? 0),
    then: first?.whenItEnds ?? '',
    tenants,
    resources: resources.map(({ name, unit, asked, capacity, carriesHours, whenItEnds }) => ({
      ...{ name, unit: `${unit} a second`, asked: rounded(asked, 2), capacity, share: rounded(asked / capacity, 4), carries_hours_a_day: Math.round(carriesHours), when_it_ends: whenItEnds },
    })),
  };
}

interface TenantFigures {
  readonly tenant: number;
  readonly video_hours: number;
  readonly done_p95_seconds: number;
  /** Seconds of video analysed in a second, from arrival to end, all of its videos together. */
  readonly speed: number;
}

function tenantsOf({ analysed }: Run): TenantFigures[] {
  const tenants = [...new Set(analysed.map(({ arrival }) => arrival.tenant))].sort((a, b) => a - b);
  return tenants.map((tenant) => {
    const own = analysed.filter(({ arrival }) => arrival.tenant === tenant);
    const video = own.reduce((sum, { arrival }) => sum + arrival.videoSeconds, 0);
    const spent = own.reduce((sum, { doneSeconds }) => sum + doneSeconds, 0);
    return { tenant, video_hours: rounded(video / HOUR, 1), done_p95_seconds: rounded(quantile(own.map(({ doneSeconds }) => doneSeconds), 0.95), 1), speed: rounded(video / spent, 2) };
  });
}

/** Jain's index: 1 where all are served alike, 1 / n where one has everything. */
export function fairnessOf(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 1 : sum ** 2 / (values.length * squares);
}
