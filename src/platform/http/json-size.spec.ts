// Tests of what JSON is refused before it is parsed.
import { describe, expect, it } from 'vitest';
import { requireModestJson } from './json-size.js';

const judged = (json: string): string | undefined => {
  try {
    requireModestJson(Buffer.from(json));
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('JSON', () => {
  it.each([
    ['empty arrays', `[${'[],'.repeat(200_000)}[]]`],
    ['numbers', `[${'1,'.repeat(200_000)}1]`],
    ['strings that are no list', '""'.repeat(200_001)],
    ['arrays after an escaped quote', `["\\"","\\\\",${'[],'.repeat(200_000)}[]]`],
  ])('of too many %s is refused', (_what, json) => expect(judged(json)).toBe('request.too_many_values'));

  it('that is nested too deep is refused, opened side by side it is not', () => {
    expect(judged('['.repeat(201))).toBe('request.nested_too_deep');
    expect(judged('{"a":'.repeat(201))).toBe('request.nested_too_deep');
    expect(judged('['.repeat(200) + ']'.repeat(200))).toBeUndefined();
    expect(judged(`[${'[],'.repeat(1000)}[]]`)).toBeUndefined();
  });

  it('may hold whatever it likes inside a string, and need not be JSON', () => {
    expect(judged(JSON.stringify({ text: '[{",\\'.repeat(400_000) }))).toBeUndefined();
    expect(judged('"never ended \\')).toBeUndefined();
    expect(judged('')).toBeUndefined();
  });
});
