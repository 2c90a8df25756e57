// What a run asks of each resource in its busiest hour, how many hours a day each could carry, and what to do when it is the first to end.
import { type Run } from './engine.js';
import { type Settings } from './settings.js';

export interface Resource {
  readonly name: string;
  readonly unit: string;
  /** In the busiest hour, a second. */
  readonly asked: number;
  readonly capacity: number;
  /** Hours of video a day at which the busiest hour takes all of it, everything else as it is. */
  readonly carriesHours: number;
  readonly whenItEnds: string;
}

const DAY_SECONDS = 86_400;
const HOUR = 3600;
const BITS = 8;

/** The first to end comes first. What is asked follows from what arrives: a queue before one of them hides nothing. */
export function resourcesOf(run: Run, settings: Settings): Resource[] {
  const videoSeconds = run.analysed.reduce((sum, { arrival }) => sum + arrival.videoSeconds, 0);
  const arriving = (settings.hours * HOUR * settings.peak) / DAY_SECONDS; // seconds of video a second, in the busiest hour
  const windows = (run.windowWaits.length / videoSeconds) * arriving;
  const sections = (run.sections / videoSeconds) * arriving;
  const rows = windows * settings['window-rows'] + sections * settings['chunk-rows'];
  const ringOps = (windows * settings['window-rings'] + sections) * settings['ring-ops'];
  const sourceBytes = (settings.megabits * 1e6) / BITS; // a second of video
  const decodedSeconds = (run.windowSeconds / videoSeconds) * arriving;
  const all: Omit<Resource, 'carriesHours'>[] = [
    { name: 'gpus', unit: 'GPU seconds', asked: (run.gpuBusySeconds / videoSeconds) * arriving, capacity: settings.gpus, whenItEnds: 'more workers of role model: nothing else changes' },
    { name: 'media_cores', unit: 'core seconds', asked: (run.coreBusySeconds / videoSeconds) * arriving + windows * settings['window-cores'], capacity: settings.cores, whenItEnds: 'more workers of role media, and cores beside each GPU for its windows' },
    { name: 'postgres_rows', unit: 'rows', asked: rows, capacity: settings['postgres-rows'], whenItEnds: 'a faster disk and more cores; then one installation (Postgres, Redis, workers) for each group of tenants: no query joins two tenants' },
    { name: 'postgres_cores', unit: 'core seconds', asked: windows * settings['window-postgres'], capacity: settings['postgres-cores'], whenItEnds: 'more cores; then one installation for each group of tenants' },
    { name: 'redis', unit: 'commands', asked: ringOps, capacity: settings['redis-ops'], whenItEnds: 'a Redis for each kind of job: kinds share no key' },
    { name: 'object_store', unit: 'bytes', asked: sourceBytes * (arriving + decodedSeconds), capacity: (settings['store-gigabits'] * 1e9) / BITS, whenItEnds: 'a cache of whole files on the disk of each worker, or buckets of their own for groups of tenants' },
  ];
  const carried = all.map((resource) => ({ ...resource, carriesHours: (settings.hours * resource.capacity) / resource.asked }));
  return carried.sort((a, b) => a.carriesHours - b.carriesHours);
}
