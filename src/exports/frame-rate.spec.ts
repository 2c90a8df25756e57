// The rate at which a video is written, its own or the nearest.
import { describe, expect, it } from 'vitest';
import { chooseRate } from './frame-rate.js';

describe('the rate of a file', () => {
  it.each([
    [24000 / 1001, '23.976'],
    [24, '24'],
    [25, '25'],
    [30000 / 1001, '29.97df'],
    [29.97, '29.97df'],
    [30, '30'],
    [60000 / 1001, '59.94df'],
  ])('is that of a video of %f frames a second: %s', (average, name) => {
    expect(chooseRate(average, undefined)).toMatchObject({ rate: { name }, remark: null });
  });

  it.each([
    [12.5, '25'],
    [15, '30'],
    [10, '30'],
    [120, '60'],
    [119.88011988, '59.94df'],
    [29.6, '29.97df'],
    [24.3, '24'],
    [47, '50'],
    [1, '24'],
  ])('is the nearest to %f frames a second that frames fall on, and says so: %s', (average, name) => {
    const { rate, remark } = chooseRate(average, undefined);
    expect(rate.name).toBe(name);
    expect(remark).toContain(`written at ${name}`);
  });

  it('is the one that was asked for', () => {
    expect(chooseRate(29.97, '29.97ndf')).toMatchObject({ rate: { name: '29.97ndf', dropped: 0 }, remark: null });
    expect(chooseRate(25, '50').remark).toContain('written at 50');
  });

  it('counts as the timecode of the video does', () => {
    expect(chooseRate(29.97, undefined, '01:00:00;00').rate.name).toBe('29.97df');
    expect(chooseRate(29.97, undefined, '01:00:00:00').rate.name).toBe('29.97ndf');
    expect(chooseRate(25, undefined, '01:00:00:00').rate.name).toBe('25');
  });

  it('is 25 where nothing is known, and says so', () => {
    expect(chooseRate(null, undefined)).toMatchObject({ rate: { name: '25' }, remark: expect.stringContaining('unknown') as string });
  });
});
