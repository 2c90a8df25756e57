// The installation with a virtual clock: videos arrive, cores scan their sections, GPUs look at windows, each in the order of the claims.
import { type PlannedWindow } from '../../src/model/grounding/window-plan.js';
import { Heap } from './heap.js';
import { scanSeconds, windowSeconds } from './service-times.js';
import { type Settings } from './settings.js';
import { type InTurn, Turns } from './turns.js';
import { type Arrival } from './workload.js';

/** What became of a video. */
export interface Analysed {
  readonly arrival: Arrival;
  readonly windows: number;
  readonly firstSeconds: number; // after its arrival, the first window was looked at
  readonly doneSeconds: number; // after its arrival
}

export interface Run {
  readonly analysed: readonly Analysed[];
  /** Seconds that each window waited after it was planned. */
  readonly windowWaits: Float64Array;
  readonly gpuBusySeconds: number;
  readonly coreBusySeconds: number;
  /** From the first arrival to the last end. */
  readonly spanSeconds: number;
  readonly sections: number;
  readonly mostOpenTasks: number;
  readonly tokens: number;
  /** Of video that all windows show, overlaps twice. */
  readonly windowSeconds: number;
}

interface Scan extends InTurn {
  readonly job: Job;
}

/** A video on its way. */
interface Job extends InTurn {
  readonly arrival: Arrival;
  readonly scan: Scan;
  /** The next section that nobody scans yet. */
  nextSection: number;
  readonly scanned: Set<number>;
  /** Sections that have windows. */
  plannedSections: number;
  /** Windows that nobody has, with when they were planned, in order. */
  readonly free: { readonly window: PlannedWindow; readonly plannedAt: number }[];
  taken: number;
  done: number;
  firstAt: number | undefined;
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly happen: () => void;
}

export function run(arrivals: readonly Arrival[], settings: Settings): Run {
  const events = new Heap<Event>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
  const scans = new Turns<Scan>(({ job }) => job.arrival.tenant);
  const jobs = new Turns<Job>((job) => job.arrival.tenant);
  const analysed: Analysed[] = [];
  const windowWaits: number[] = [];
  let [now, order, freeCores, freeGpus] = [0, 0, settings.cores, settings.gpus];
  let [gpuBusySeconds, coreBusySeconds, sections, open, mostOpenTasks, tokens, shownSeconds] = [0, 0, 0, 0, 0, 0, 0];
  const after = (seconds: number, happen: () => void): void => events.push({ at: now + seconds, order: order++, happen });

  const arrive = (arrival: Arrival): void => {
    const { id, priority } = arrival;
    const job = { id, priority, servedAt: undefined, arrival, nextSection: 0, scanned: new Set<number>(), plannedSections: 0, free: [], taken: 0, done: 0, firstAt: undefined } as Omit<Job, 'scan'> as Job;
    Object.assign(job, { scan: { id, priority, servedAt: undefined, job } });
    mostOpenTasks = Math.max(mostOpenTasks, ++open);
    scans.join(job.scan);
  };

  const scanNext = (scan: Scan): void => {
    const { job } = scan;
    const ordinal = job.nextSection++;
    const section = job.arrival.sections[ordinal];
    if (job.nextSection < job.arrival.sections.length) scans.join(scan);
    if (!section) return;
    const seconds = scanSeconds(section.seconds, settings);
    freeCores--;
    coreBusySeconds += seconds;
    after(seconds, () => {
      freeCores++;
      sections++;
      job.scanned.add(ordinal);
      plan(job);
    });
  };

  /** In order of time, as far as is scanned without a gap. */
  const plan = (job: Job): void => {
    for (; job.scanned.has(job.plannedSections); job.plannedSections++) {
      for (const window of job.arrival.sections[job.plannedSections]?.windows ?? []) job.free.push({ window, plannedAt: now });
    }
    if (job.taken < job.free.length) jobs.join(job);
  };

  const lookNext = (job: Job): void => {
    const taken = job.free[job.taken++];
    if (job.taken < job.free.length) jobs.join(job);
    if (!taken) return;
    const seconds = windowSeconds(taken.window, settings);
    windowWaits.push(now - taken.plannedAt);
    freeGpus--;
    gpuBusySeconds += seconds;
    tokens += taken.window.why.tokens;
    shownSeconds += taken.window.endSeconds - taken.window.startSeconds;
    after(seconds, () => {
      freeGpus++;
      job.done++;
      job.firstAt ??= now;
      if (job.plannedSections < job.arrival.sections.length || job.done < job.free.length) return;
      open--;
      const { atSeconds } = job.arrival;
      analysed.push({ arrival: job.arrival, windows: job.done, firstSeconds: job.firstAt - atSeconds, doneSeconds: now - atSeconds });
    });
  };

  for (const arrival of arrivals) after(arrival.atSeconds, () => arrive(arrival));
  for (let event = events.pop(); event; event = events.pop()) {
    now = event.at;
    event.happen();
    for (let scan = freeCores > 0 ? scans.next() : undefined; scan; scan = freeCores > 0 ? scans.next() : undefined) scanNext(scan);
    for (let job = freeGpus > 0 ? jobs.next() : undefined; job; job = freeGpus > 0 ? jobs.next() : undefined) lookNext(job);
  }
  const spanSeconds = now - (arrivals[0]?.atSeconds ?? 0);
  return { analysed, windowWaits: Float64Array.from(windowWaits), gpuBusySeconds, coreBusySeconds, spanSeconds, sections, mostOpenTasks, tokens, windowSeconds: shownSeconds };
}
