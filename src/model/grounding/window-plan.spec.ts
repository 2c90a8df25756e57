// The windows of a section, as its pictures, the model and the user want them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Transition } from '../signals/signal.js';
import { clipWindows } from './clip-windows.js';
import { defaultPlan, type PlannedWindow, type PlanOptions, planSection, type SectionFindings, type VideoShape } from './window-plan.js';
import { planFrameGrid } from './frame-grid.js';
import { type FrameIndex } from './frame-plan.js';
import { planSections, type Section } from './sections.js';

const video = (durationSeconds: number, more: Partial<VideoShape> = {}): VideoShape => ({
  ...{ durationSeconds, width: 1920, height: 1080, frameRate: 25 },
  ...more,
});
const options: PlanOptions = { windowSeconds: 30, overlapSeconds: 6, fps: 2 };

/** Of a checkpoint that wants every frame at 56 x 56. */
const small: PlanOptions = { ...options, maxFrames: 64, framePixels: { minPixels: 3136, maxPixels: 3136 } };

const section = (startSeconds: number, endSeconds: number): Section => ({ ordinal: 1, startSeconds, endSeconds });
const cut = (seconds: number): Transition => ({ type: 'cut', startSeconds: seconds, endSeconds: seconds, confidence: 0.9, measured: {} });
const found = (length: number, motion: number, more: Partial<SectionFindings> = {}): SectionFindings => ({
  motion: Array.from({ length }, () => motion),
  ...{ transitions: [], stretches: [], decodedUntil: Infinity, ...more },
});
const times = (windows: readonly { startSeconds: number; endSeconds: number }[]) => windows.map((w) => [w.startSeconds, w.endSeconds]);

describe('planSection', () => {
  it('cuts ordinary footage into windows of 30 s at 2 fps that share six seconds', () => {
    const windows = planSection(section(90, 210), { video: video(3600, { width: 224, height: 224 }), findings: found(120, 6) }, small);
    expect(times(windows)).toEqual([[90, 120], [114, 144], [138, 168], [162, 192], [186, 216]]);
    for (const { sampling, why } of windows) {
      expect(sampling).toMatchObject({ fps: 2, maxFrames: 64 });
      expect(why).toMatchObject({ kind: 'calm', frames: 60, width: 56, height: 56, tokens: 120, motion: 6 });
    }
    expect(windows.map(({ why }) => why.edge)).toEqual(['grid', 'grid', 'grid', 'grid', 'section']);
  });

  it('reaches the overlap beyond the section, but not beyond the video or what decodes', () => {
    expect(times(planSection(section(0, 30), { video: video(90) }, options))).toEqual([[0, 30], [24, 36]]);
    expect(times(planSection(section(0, 33), { video: video(33) }, options))).toEqual([[0, 30], [24, 33]]);
    expect(times(planSection(section(0, 30), { video: video(90), findings: found(21, 6, { decodedUntil: 20.4 }) }, options))).toEqual([[0, 20.4]]);
    expect(planSection(section(30, 90), { video: video(90), findings: found(0, 0, { decodedUntil: 30 }) }, options)).toEqual([]);
  });

  it('moves an edge to a change of shot and shares two temporal groups across it', () => {
    const findings = found(60, 6, { transitions: [cut(40), cut(56.5), cut(58)] });
    const windows = planSection(section(30, 90), { video: video(3600), findings }, options);
    expect(times(windows)).toEqual([[30, 59], [57, 87], [81, 96]]);
    expect(windows.map(({ why }) => why.edge)).toEqual(['shot', 'grid', 'section']);
  });

  it('looks at what stands still half as often, and at wild motion twice as often for half as long', () => {
    const still = planSection(section(90, 210), { video: video(3600), findings: found(120, 0.1) }, small);
    expect(still.map(({ sampling, why }) => [sampling.fps, why.kind, why.frames]).slice(0, 2)).toEqual([[1, 'still', 30], [1, 'still', 30]]);
    const busy = planSection(section(90, 210), { video: video(3600), findings: found(120, 90) }, small);
    expect(times(busy).slice(0, 2)).toEqual([[90, 106], [100, 116]]);
    expect(busy[0]).toMatchObject({ sampling: { fps: 4 }, why: { kind: 'busy', frames: 64, motion: 90 } });
  });

  it('takes black and frozen stretches for still, and one second of motion for none', () => {
    const freeze = { type: 'freeze', startSeconds: 90, endSeconds: 210, text: '', confidence: 1, method: '', measured: {}, continued: false } as const;
    const at = (second: number): SectionFindings => ({
      ...found(120, 5, { stretches: [freeze] }),
      motion: Array.from({ length: 120 }, (_, k) => (k === second ? 9 : null)),
    });
    expect(planSection(section(90, 210), { video: video(3600), findings: at(-1) }, options)[1]!.why.kind).toBe('still');
    const moved = { ...found(120, 0), motion: Array.from({ length: 120 }, (_, k) => (k === 31 ? 9 : 0)) };
    const kinds = planSection(section(90, 210), { video: video(3600), findings: moved }, options).map(({ why }) => why.kind);
    expect(kinds).toEqual(['still', 'calm', 'still', 'still', 'still']);
  });

  it('plans the rate that a user asks for, as far as the source has it', () => {
    const busy = { video: video(3600), findings: found(120, 90) };
    const asked = (fps: number) => planSection(section(90, 210), busy, { ...options, sampling: { fps } })[0]!;
    expect(asked(1)).toMatchObject({ endSeconds: 120, sampling: { fps: 1 }, why: { kind: 'asked' } });
    expect(asked(30)).toMatchObject({ sampling: { fps: 25 } });
    expect(asked(0.1)).toMatchObject({ endSeconds: 170, sampling: { fps: 0.1 }, why: { frames: 8 } });
  });

  it('gives fewer frames, not shorter windows, to a user who limits them', () => {
    const [window] = planSection(section(90, 210), { video: video(3600) }, { ...options, sampling: { maxFrames: 16 } });
    expect(window).toMatchObject({ startSeconds: 90, endSeconds: 120, why: { frames: 16 } });
  });

  it('makes fewer frames larger and shortens the window where the smallest are too many', () => {
    const plan = (maxTokens: number, fps?: number) => planSection(section(90, 210), { video: video(3600) }, { ...options, maxTokens, sampling: { fps } })[0]!;
    expect(plan(4096).why).toMatchObject({ frames: 60, width: 420, height: 224 }); // 3600 tokens
    expect(plan(8192).why).toMatchObject({ frames: 60, width: 616, height: 336 }); // 7920 tokens
    expect(plan(8192, 1).why).toMatchObject({ frames: 30, width: 868, height: 476 });
    expect(plan(2048)).toMatchObject({ startSeconds: 90, endSeconds: 107, why: { frames: 34 } });
  });

  it('lets a source of few frames, or a short one, have what it has', () => {
    expect(defaultPlan(video(1), options)).toMatchObject([{ startSeconds: 0, endSeconds: 1, sampling: { fps: 4 }, why: { frames: 4 } }]);
    const [slow] = defaultPlan(video(3600, { frameRate: 0.2 }), options);
    expect(slow).toMatchObject({ endSeconds: 40, sampling: { fps: 0.2 }, why: { frames: 8 } });
  });
});

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const pixels = fc.integer({ min: 20_000, max: 400_000 });

const sizes: [number, number][] = [[64, 64], [224, 224], [320, 180], [1920, 1080], [608, 1080]];
const shape: fc.Arbitrary<VideoShape> = fc
  .record({
    durationSeconds: fc.integer({ min: 200, max: 700_000 }).map((thousandths) => thousandths / 1000),
    frameRate: fc.constantFrom(0.5, 5, 12.5, 24_000 / 1001, 25, 30, 60),
    size: fc.constantFrom(...sizes),
  })
  .map(({ size: [width, height], ...rest }) => ({ ...rest, width, height }));

const planOptions: fc.Arbitrary<PlanOptions> = fc
  .record({
    windowSeconds: fc.integer({ min: 8, max: 60 }),
    overlapShare: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
    fps: fc.constantFrom(0.5, 1, 2, 3),
    minFps: maybe(fc.double({ min: 0.25, max: 2, noNaN: true })),
    maxFps: maybe(fc.double({ min: 0.5, max: 10, noNaN: true })),
    maxFrames: maybe(fc.integer({ min: 8, max: 768 })),
    maxTokens: maybe(fc.integer({ min: 100, max: 30_000 })),
    framePixels: maybe(fc.constant({ minPixels: 3136, maxPixels: 3136 })),
    sampling: maybe(
      fc.record({
        fps: maybe(fc.double({ min: 0.05, max: 30, noNaN: true })),
        maxFrames: maybe(fc.integer({ min: 4, max: 2048 })),
        minPixels: maybe(fc.constant(784)),
        maxPixels: maybe(pixels),
        totalPixels: maybe(fc.integer({ min: 40_000, max: 90_000_000 })),
      }),
    ),
  })
  .map(({ overlapShare, ...rest }) => ({ ...rest, overlapSeconds: rest.windowSeconds * overlapShare }));

/** Motion comes in blocks, so that whole windows are still or busy. */
const findingsOf = ({ startSeconds, endSeconds }: { startSeconds: number; endSeconds: number }): fc.Arbitrary<SectionFindings> =>
  fc
    .record({
      blocks: fc.array(fc.constantFrom(null, 0, 0.2, 5, 40, 90, 200), { minLength: 4, maxLength: 4 }),
      cuts: fc.array(fc.double({ min: startSeconds, max: endSeconds, noNaN: true }), { maxLength: 12 }),
    })
    .map(({ blocks, cuts }) => ({
      transitions: cuts.map((at) => ({ type: 'cut', startSeconds: at, endSeconds: at, confidence: 0.9, measured: {} }) as const),
      stretches: [],
      motion: Array.from({ length: Math.ceil(endSeconds - startSeconds) }, (_, k) => blocks[Math.floor(k / 40) % blocks.length] ?? null),
      decodedUntil: endSeconds,
    }));

/** A video, what was found in each of its sections, and the plan that follows. */
const drawnPlan = fc.tuple(shape, planOptions).chain(([video, options]) => {
  const sections = planSections(video.durationSeconds);
  return fc.tuple(...sections.map(findingsOf)).map((facts: SectionFindings[]) => ({
    ...{ video, options, sections, facts },
    windows: sections.flatMap((section, k) => planSection(section, { video, findings: facts[k] }, options)),
  }));
});

/** The index of a source of constant rate. */
function indexAt(frameRate: number, durationSeconds: number): FrameIndex {
  const pts = Float64Array.from({ length: Math.ceil(durationSeconds * frameRate - 1e-9) }, (_, n) => Math.round((n / frameRate) * 90_000));
  return { timeBase: { num: 1, den: 90_000 }, originPts: 0, pts, endPts: durationSeconds * 90_000 };
}

describe('a plan', () => {
  it('covers every second in order, within its budget, with the overlap at every edge', () => {
    fc.assert(
      fc.property(drawnPlan, ({ windows, video: { durationSeconds, frameRate }, options: drawn }) => {
        expect(windows[0]!.startSeconds).toBe(0);
        expect(windows.at(-1)!.endSeconds).toBe(durationSeconds);
        const most = drawn.sampling?.maxFrames ?? drawn.maxFrames ?? 768;
        for (const [k, { startSeconds, endSeconds, sampling, why }] of windows.entries()) {
          expect(endSeconds).toBeGreaterThan(startSeconds);
          expect(why.frames).toBeLessThanOrEqual(Math.max(4, most));
          if (why.frames > 4) expect(why.tokens * 784).toBeLessThanOrEqual(sampling.totalPixels);
          expect(sampling.fps).toBeLessThanOrEqual(Math.max(frameRate, 4 / (endSeconds - startSeconds)) + 1e-9);
          const slowest = Math.min(sampling.fps, frameRate, drawn.sampling?.fps ?? drawn.fps);
          expect(endSeconds - startSeconds).toBeLessThanOrEqual(Math.max(drawn.windowSeconds, 8 / slowest) + 1e-6);
          const next = windows[k + 1];
          expect(endSeconds).toBeGreaterThanOrEqual(next?.startSeconds ?? durationSeconds);
          if (!next || endSeconds === durationSeconds) continue;
          if (why.edge === 'section') expect(next.startSeconds).toBeGreaterThanOrEqual(startSeconds);
          else expect(next.startSeconds).toBeGreaterThan(startSeconds);
          const frames = (endSeconds - next.startSeconds) * Math.min(sampling.fps, next.sampling.fps);
          if (sampling.maxFrames >= 8) expect(frames).toBeGreaterThan(4 - 1e-3);
          else expect(frames).toBeGreaterThan(1);
        }
      }),
    );
  });

  it('of the first sections is where the plan of all begins, and the same again from the same facts', () => {
    fc.assert(
      fc.property(drawnPlan, fc.nat(8), ({ sections, facts, video: shape, options: drawn, windows }, count) => {
        const again = JSON.parse(JSON.stringify({ facts, video: shape, options: drawn })) as { facts: typeof facts; video: VideoShape; options: PlanOptions };
        const first = sections.slice(0, count).flatMap((s, k) => planSection(s, { video: again.video, findings: again.facts[k]! }, again.options));
        expect(first).toEqual(windows.slice(0, first.length));
      }),
    );
  });

  it('tells the rate and the frames that the grid then gives', () => {
    fc.assert(
      fc.property(drawnPlan, ({ windows, video: { durationSeconds, frameRate } }) => {
        const index = indexAt(frameRate, durationSeconds);
        for (const { startSeconds, endSeconds, sampling, why } of windows.slice(0, 12)) {
          const plan = planFrameGrid(index, { startSeconds, endSeconds, fps: sampling.fps, maxFrames: sampling.maxFrames });
          if ((endSeconds - startSeconds) * frameRate < 6) continue; // the source hardly has four frames there
          expect(plan.effectiveFps).toBe(sampling.fps);
          expect(plan.frames).toHaveLength(why.frames);
        }
      }),
    );
  });

  it('is one of ordinary footage before anything is found', () => {
    expect(defaultPlan(video(3600), options)).toEqual(planSections(3600).flatMap((s) => planSection(s, { video: video(3600) }, options)));
    expect(defaultPlan(video(36_000), options).length).toBeLessThanOrEqual(1505);
  });
});

describe('the windows of a range, planned section by section', () => {
  const shape = video(700);
  const sections = planSections(shape.durationSeconds);
  const drawnFindings = fc.record({
    motion: fc.constantFrom(0, 6, 90),
    cuts: fc.array(fc.double({ min: 0, max: 240, noNaN: true }), { maxLength: 5 }),
    isScanned: fc.boolean(),
  });
  const drawn = fc.record({
    findings: fc.array(drawnFindings, { minLength: sections.length, maxLength: sections.length }),
    from: fc.double({ min: 0, max: 690, noNaN: true }),
    length: fc.double({ min: 1, max: 700, noNaN: true }),
    /** Where planning stops for the scan to go on. */
    stops: fc.uniqueArray(fc.nat(sections.length)),
  });

  it('are the same however many sections were scanned at a time, cover the range, and are those of the whole video', () => {
    fc.assert(
      fc.property(drawn, ({ findings, from, length, stops }) => {
        const range = { startSeconds: from, endSeconds: Math.min(shape.durationSeconds, from + length) };
        const whole = (at: Section): PlannedWindow[] => {
          const { motion, cuts, isScanned } = findings[at.ordinal]!;
          const transitions = cuts.map((seconds) => cut(at.startSeconds + seconds)).filter(({ startSeconds }) => startSeconds < at.endSeconds);
          return planSection(at, { video: shape, findings: isScanned ? found(240, motion, { transitions }) : undefined }, options);
        };
        const planned = (some: readonly Section[]): PlannedWindow[] => some.flatMap((at) => clipWindows(whole(at), range));
        const inRange = sections.filter(({ startSeconds, endSeconds }) => endSeconds > range.startSeconds && startSeconds < range.endSeconds);
        const edges = [0, ...stops.sort((a, b) => a - b), inRange.length];
        const windows = planned(inRange);
        expect(edges.slice(1).flatMap((until, k) => planned(inRange.slice(edges[k], until)))).toEqual(windows);
        expect(windows[0]!.startSeconds).toBe(range.startSeconds);
        expect(Math.max(...windows.map(({ endSeconds }) => endSeconds))).toBe(range.endSeconds);
        windows.slice(1).forEach(({ startSeconds }, k) => expect(startSeconds).toBeLessThanOrEqual(windows[k]!.endSeconds));
        const inside = sections.flatMap(whole).filter((w) => w.startSeconds >= range.startSeconds && w.endSeconds <= range.endSeconds);
        expect(windows).toEqual(expect.arrayContaining(inside));
      }),
    );
  });
});
