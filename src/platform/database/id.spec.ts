// Tests of the ids.
import { describe, expect, it } from 'vitest';
import { firstIdOf, newId, timeOfId } from './id.js';

describe('newId', () => {
  it('is a UUID of version 7 that carries its millisecond', () => {
    const id = newId(0x019a_b123_4567);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(id.slice(0, 13)).toBe('019ab123-4567');
    expect(timeOfId(id)).toBe(0x019a_b123_4567);
  });

  it('ascends strictly within one millisecond and when the clock steps back', () => {
    const now = Date.now();
    const ids = Array.from({ length: 10_000 }, (_, i) => newId(now - (i % 7)));
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('comes behind the first id of its millisecond, and before that of the next', () => {
    const id = newId(0x7fff_0000_0000); // later than any other here
    expect(firstIdOf(0x7fff_0000_0000) < id && id < firstIdOf(0x7fff_0000_0001)).toBe(true);
    expect(firstIdOf(-Infinity)).toBe('00000000-0000-0000-0000-000000000000');
  });
});
