// Timecode against a counter that leaves out what drop-frame leaves out, and seconds as frames.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FrameRate, FRAME_RATES, RATE_NAMES } from './frame-rate.js';
import { frameAtOrAfter, frameOfTimecode, timecodeOf } from './timecode.js';

const framesPerDay = ({ nominal, dropped }: FrameRate): number => 144 * (600 * nominal - 9 * dropped);
/** Frame k is presented from k / rate on. */
const secondsOfFrame = (frame: number, { num, den }: FrameRate): number => (frame * den) / num;

const rates = RATE_NAMES.map((name) => FRAME_RATES[name]);
const dropRates = rates.filter(({ dropped }) => dropped > 0);

/** The labels in order, as a counter on a wall shows them: each minute but each tenth begins with label 02, or 04. */
function* labels({ nominal, dropped }: { nominal: number; dropped: number }): Generator<string> {
  const mark = dropped > 0 ? ';' : ':';
  const pad = (value: number): string => String(value).padStart(2, '0');
  for (let second = 0; second < 86_400; second++) {
    const clock = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
    const first = second % 60 === 0 && second % 600 !== 0 ? dropped : 0;
    for (let frame = first; frame < nominal; frame++) yield `${clock.map(pad).join(':')}${mark}${pad(frame)}`;
  }
}

describe('timecode', () => {
  it.each([
    ['29.97df', 1799, '00:00:59;29'],
    ['29.97df', 1800, '00:01:00;02'],
    ['29.97df', 17981, '00:09:59;29'],
    ['29.97df', 17982, '00:10:00;00'],
    ['29.97df', 107892, '01:00:00;00'],
    ['29.97ndf', 107892, '00:59:56:12'],
    ['59.94df', 3599, '00:00:59;59'],
    ['59.94df', 3600, '00:01:00;04'],
    ['59.94df', 35964, '00:10:00;00'],
    ['23.976', 86400, '01:00:00:00'],
    ['25', 90000, '01:00:00:00'],
    ['50', 180049, '01:00:00:49'],
  ] as const)('at %s names frame %i %s', (name, frame, label) => {
    expect(timecodeOf(frame, FRAME_RATES[name])).toBe(label);
    expect(frameOfTimecode(label, FRAME_RATES[name])).toBe(frame);
  });

  it.each(dropRates)('at $name counts through 24 hours as a counter does, and leaves out what that leaves out', (rate) => {
    let frame = 0;
    let wrong = 0;
    for (const label of labels(rate)) {
      // all of the first two hours, then every seventh frame and all around the turn of each minute
      if (frame < 7200 * rate.nominal || frame % 7 === 0 || /:(59|00);/.test(label)) {
        if (timecodeOf(frame, rate) !== label || frameOfTimecode(label, rate) !== frame) wrong++;
      }
      frame++;
    }
    expect(wrong).toBe(0);
    expect(frame).toBe(framesPerDay(rate));
  });

  it('never writes a label that does not exist, and reads back what it writes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...rates), fc.nat(6_000_000), (rate, frame) => {
        expect(frameOfTimecode(timecodeOf(frame, rate), rate)).toBe(frame % framesPerDay(rate));
      }),
      { numRuns: 2000 },
    );
  });

  it('begins again after 24 hours', () => {
    for (const rate of rates) expect(timecodeOf(framesPerDay(rate), rate)).toMatch(/^00:00:00[:;]00$/);
  });

  it.each(['', 'abc', '1:00:00:00', '24:00:00:00', '00:60:00:00', '00:00:60:00', '00:00:00:30', '00:01:00;01', '00:59:00:00', '-1:00:00:00'])(
    'is not %j at 29.97 drop',
    (text) => expect(frameOfTimecode(text, FRAME_RATES['29.97df'])).toBeUndefined(),
  );
});

describe('a second', () => {
  it('means the frame presented then, whatever the rate, for 24 hours', () => {
    fc.assert(
      fc.property(fc.constantFrom(...rates), fc.nat(5_184_000), (rate, frame) => {
        expect(frameAtOrAfter(secondsOfFrame(frame, rate), rate, 1e-6)).toBe(frame);
      }),
      { numRuns: 2000 },
    );
  });

  it('between two frames means the later one: [start, end) covers what is presented in it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...rates), fc.double({ min: 0, max: 36_000, noNaN: true }), (rate, seconds) => {
        const frame = frameAtOrAfter(seconds, rate, 1e-6);
        expect(secondsOfFrame(frame, rate)).toBeGreaterThanOrEqual(seconds - 1.1e-6);
        if (frame > 0) expect(secondsOfFrame(frame - 1, rate)).toBeLessThan(seconds);
      }),
    );
  });

  it('that a container rounded to milliseconds means the same frame', () => {
    for (const rate of rates) {
      for (let frame = 0; frame < 300_000; frame += 997) {
        const milliseconds = Math.round(secondsOfFrame(frame, rate) * 1000);
        expect(frameAtOrAfter(milliseconds / 1000, rate, 1e-3 + 1e-6)).toBe(frame);
      }
    }
  });
});
