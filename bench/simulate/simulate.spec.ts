// What must hold of any simulated installation, however it is set up.
import { describe, expect, it } from 'vitest';
import { type Run, run } from './engine.js';
import { outcomeOf } from './outcome.js';
import { resourcesOf } from './resources.js';
import { windowSeconds } from './service-times.js';
import { DEFAULTS, readSettings, type Settings } from './settings.js';
import { type Arrival, arrivals } from './workload.js';

const small: Settings = { ...DEFAULTS, hours: 12, gpus: 2, cores: 6, tenants: 5, 'video-hours': 0.2 };
const overloaded: Settings = { ...small, 'gpu-tflops': 6, 'gpu-terabytes': 0.05 };
const simulate = (settings: Settings): Run => run(arrivals(settings), settings);
const plannedWindows = (videos: readonly Arrival[]): number => videos.reduce((sum, { sections }) => sum + sections.reduce((of, { windows }) => of + windows.length, 0), 0);
const p50 = (run: Run): number => [...run.analysed].map(({ doneSeconds }) => doneSeconds).sort((a, b) => a - b)[run.analysed.length >> 1]!;

describe.each([
  ['with room', small],
  ['overloaded', overloaded],
  ['of another seed', { ...overloaded, seed: 2, tenants: 9 }],
])('an installation %s', (_name, settings) => {
  const videos = arrivals(settings);
  const result = run(videos, settings);

  it('looks at every window of every video, once', () => {
    expect(result.analysed.map(({ arrival }) => arrival.id).sort()).toEqual(videos.map(({ id }) => id));
    expect(result.windowWaits).toHaveLength(plannedWindows(videos));
    expect(result.analysed.reduce((sum, { windows }) => sum + windows, 0)).toBe(plannedWindows(videos));
    expect(result.sections).toBe(videos.reduce((sum, { sections }) => sum + sections.length, 0));
  });

  it('does the work that was planned, and no machine more than one piece at a time', () => {
    const planned = videos.flatMap(({ sections }) => sections.flatMap(({ windows }) => windows)).reduce((sum, window) => sum + windowSeconds(window, settings), 0);
    expect(result.gpuBusySeconds).toBeCloseTo(planned, 3);
    expect(result.gpuBusySeconds).toBeLessThanOrEqual(settings.gpus * result.spanSeconds);
    expect(result.coreBusySeconds).toBeLessThanOrEqual(settings.cores * result.spanSeconds);
  });

  it('is never ahead of its work', () => {
    expect(Math.min(...result.windowWaits)).toBeGreaterThanOrEqual(0);
    expect(result.analysed.filter(({ firstSeconds, doneSeconds }) => firstSeconds < 0 || doneSeconds < firstSeconds)).toEqual([]);
  });

  it('is the same for the same seed', () => {
    expect(outcomeOf(simulate(settings), settings)).toEqual(outcomeOf(result, settings));
  });

  it('is no later with twice the GPUs', () => {
    const more = simulate({ ...settings, gpus: settings.gpus * 2 });
    const piece = windowSeconds(videos[0]!.sections[0]!.windows[0]!, settings) * 2; // a busy window, at which an end may come to wait
    expect(more.spanSeconds).toBeLessThanOrEqual(result.spanSeconds + piece);
    expect(p50(more)).toBeLessThanOrEqual(p50(result) + piece);
  });
});

describe('turns', () => {
  it('let nobody wait for all that another has brought', () => {
    const [pattern] = arrivals(overloaded);
    const crowd = Array.from({ length: 40 }, (_, k): Arrival => ({ ...pattern!, id: `a${k + 10}`, tenant: 0, priority: 1, atSeconds: 0 }));
    const single: Arrival = { ...pattern!, id: 'b', tenant: 1, priority: 1, atSeconds: 1, videoSeconds: 60, sections: pattern!.sections.slice(0, 1) };
    const { analysed } = run([...crowd, single], overloaded);
    const ends = new Map(analysed.map(({ arrival, doneSeconds }) => [arrival.id, arrival.atSeconds + doneSeconds]));
    expect(ends.get('b')).toBeLessThan(Math.min(...crowd.map(({ id }) => ends.get(id)!)));
  });

  it('serve the urgent first', () => {
    const [pattern] = arrivals(overloaded);
    const others = Array.from({ length: 10 }, (_, k): Arrival => ({ ...pattern!, id: `a${k}`, priority: 1, atSeconds: 0 }));
    const { analysed } = run([...others, { ...pattern!, id: 'urgent', priority: 0, atSeconds: 1 }], overloaded);
    expect(analysed[0]!.arrival.id).toBe('urgent');
  });
});

describe('resources', () => {
  it('end in the order in which their capacity is used up', () => {
    const settings = { ...small, 'postgres-rows': 1 };
    const resources = resourcesOf(simulate(settings), settings);
    expect(resources[0]).toMatchObject({ name: 'postgres_rows' });
    expect(resources.map(({ carriesHours }) => carriesHours)).toEqual(resources.map(({ carriesHours }) => carriesHours).sort((a, b) => a - b));
  });

  it('are asked for by what arrives, however long it waits', () => {
    const asked = (settings: Settings) => resourcesOf(simulate(settings), settings).find(({ name }) => name === 'gpus')!.asked;
    expect(asked({ ...overloaded, gpus: 1 })).toBeCloseTo(asked({ ...overloaded, gpus: 8 }), 6);
  });
});

describe('settings', () => {
  it('that cannot be are all named at once', () => {
    expect(() => readSettings(['--gpus', '0', '--hours', 'x', '--still', '0.8', '--busy', '0.5', '--peak', '3'])).toThrow(/--hours[^]*--gpus[^]*--peak[^]*--still and --busy/);
    expect(readSettings(['--gpus', '3', '--json'])).toMatchObject({ settings: { gpus: 3, hours: DEFAULTS.hours }, json: true });
  });
});
