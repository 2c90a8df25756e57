// Text from outside: what is kept of it, and what is refused.
import { describe, expect, it } from 'vitest';
import { plainText, storable, storablePart } from './text.js';

describe('text', () => {
  it('is storable without NUL and halves of pairs', () => {
    expect(['', 'Köln 🎬', 'a\0', '\ud83c', 'a\udfac'].map(storable)).toEqual([true, true, false, false, false]);
    expect(['a\0', 'a'].map((text) => plainText(5).safeParse(text).success)).toEqual([false, true]);
  });

  it('is cut between characters, and loses what is none', () => {
    expect(storablePart('ab🎬🎬🎬', 3)).toBe('ab🎬');
    expect(storablePart('🎬'.repeat(9), 4)).toBe('🎬'.repeat(4));
    expect(storablePart(`a${'🎬'.repeat(9)}`, 4)).toBe(`a${'🎬'.repeat(3)}`);
    expect(storablePart('a\0b\ud83cc', 9)).toBe('abc');
  });
});
