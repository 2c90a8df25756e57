// A text query, loosened to any of its words.
import { describe, expect, it } from 'vitest';
import { anyOf } from './text-query.js';

describe('anyOf', () => {
  it('loosens a query to any of its words', () => {
    expect(anyOf(`'red' & 'circl' <-> 'move'`)).toBe(`'red' | 'circl' | 'move'`);
    expect(anyOf(`'a' | 'b' & ( 'c' )`)).toBe(`'a' | 'b' | 'c'`);
  });

  it('leaves operators inside words alone', () => {
    expect(anyOf(`'it''s' & 'a&b' & 'c\\\\!'`)).toBe(`'it''s' | 'a&b' | 'c\\\\!'`);
  });

  it('is empty where a word is forbidden, and for nothing', () => {
    expect(anyOf(`'circl' & !'red'`)).toBe('');
    expect(anyOf('')).toBe('');
  });
});
