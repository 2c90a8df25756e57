// Tests of the ids.
import { describe, expect, it } from 'vitest';
import { newId } from './id.js';

describe('newId', () => {
  it('is a UUID of version 7 that carries its millisecond', () => {
    const id = newId(0x7f_1234_5678_9a);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(id.slice(0, 13)).toBe('007f1234-5678');
  });

  it('ascends strictly within one millisecond and when the clock steps back', () => {
    const now = Date.now();
    const ids = Array.from({ length: 10_000 }, (_, i) => newId(now - (i % 7)));
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });
});
