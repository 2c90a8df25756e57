// Tests of the packed times.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packTimes, unpackTimes } from './packed-times.js';

describe('packed times', () => {
  it('come back as they were', () => {
    const times = fc.array(fc.integer({ min: -(2 ** 33), max: 2 ** 45 }), { maxLength: 200 });
    fc.assert(
      fc.property(times, (values) => {
        const ascending = Float64Array.from(values).sort();
        expect(unpackTimes(packTimes(ascending))).toEqual(ascending);
      }),
    );
  });

  it('of ten hours at a constant rate take less than 20 kB', () => {
    expect(packTimes(Float64Array.from({ length: 900_000 }, (_, k) => 126_000 + k * 3600)).length).toBeLessThan(20_000);
  });
});
