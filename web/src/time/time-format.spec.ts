// How times are written.
import { describe, expect, it } from 'vitest';
import { clock, formatTime, frameAt, spokenLength, timecode } from './time-format';

describe('a time', () => {
  it.each([
    [0, '00:00.0'],
    [59.96, '01:00.0'],
    [3723.44, '1:02:03.4'],
  ])('of %d s reads %s', (seconds, text) => expect(clock(seconds)).toBe(text));

  it('is a timecode or a frame at the rate of the video', () => {
    expect(formatTime(1.96, 'timecode', 25)).toBe('00:00:01:24');
    expect(formatTime(1.96, 'frame', 25)).toBe('#49');
  });

  it.each([24000 / 1001, 30000 / 1001, 30, 60])('is its own frame still when it was rounded to a thousandth, at %d', (rate) => {
    const frames = Array.from({ length: 1000 }, (_, n) => n * 7);
    expect(frames.map((frame) => frameAt(Number((frame / rate).toFixed(3)), rate))).toEqual(frames);
  });

  it('keeps to the clock at 29.97', () => {
    expect([1799, 1800, 17982, 107892].map((frame) => timecode(frame, 30000 / 1001))).toEqual(['00:00:59;29', '00:01:00;02', '00:10:00;00', '01:00:00;00']);
  });

  it('is read out', () => expect([7.5, 70, 3720].map(spokenLength)).toEqual(['7.5 s', '1 min 10 s', '1 h 2 min']));
});
