// The colours of kinds.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kindColors } from './type-colors';

const event = (text: string, start: number, type = 'event') => ({ type, text, start_time: start });

describe('the colours of the kinds of a video', () => {
  it('are ten before one comes again, in order of first appearance whatever the order of the list', () => {
    const events = Array.from({ length: 11 }, (_, index) => event(`kind ${index}`, index));
    const colorOf = kindColors([event('kind 3', 50), ...events.reverse(), event('', 0, 'shot')]);
    const colors = Array.from({ length: 11 }, (_, index) => colorOf(`kind ${index}`));
    expect(new Set(colors.slice(0, 10)).size).toBe(10);
    expect([colors[0], colors[10]]).toEqual(['--kind-1', '--kind-1']);
    expect(colorOf('shot')).toBe('--shot');
  });

  it.each(['dark', 'light'])('stand out from the %s page and differ from each other', (scheme) => {
    const css = readFileSync(new URL('../style/tokens.css', import.meta.url), 'utf8').split(`='${scheme}'`)[1]?.split('}')[0] ?? '';
    const token = (name: string): number[] => [...(new RegExp(`--${name}: #(\\w{6})`).exec(css)?.[1] ?? '').matchAll(/../g)].map(([hex]) => linear(parseInt(hex, 16) / 255));
    const kinds = Array.from({ length: 10 }, (_, index) => token(`kind-${index + 1}`));
    for (const page of ['bg', 'panel', 'raised'].map(token)) {
      for (const kind of kinds) expect(contrast(kind, page)).toBeGreaterThan(3);
    }
    for (const [index, kind] of kinds.entries()) for (const other of kinds.slice(0, index)) expect(distance(kind, other)).toBeGreaterThan(0.1);
  });
});

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function contrast(a: readonly number[], b: readonly number[]): number {
  const [dark, light] = [a, b].map(([red = 0, green = 0, blue = 0]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue).sort((x, y) => x - y);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** In OKLab, where 0.02 is just seen. */
const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(...oklab(a).map((value, index) => value - (oklab(b)[index] ?? 0)));

function oklab([red = 0, green = 0, blue = 0]: readonly number[]): number[] {
  const [l, m, s] = [[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.63]].map(([r = 0, g = 0, b = 0]) => Math.cbrt(r * red + g * green + b * blue)) as [number, number, number];
  return [0.2105 * l + 0.7936 * m - 0.0041 * s, 1.978 * l - 2.4286 * m + 0.4506 * s, 0.0259 * l + 0.7828 * m - 0.8087 * s];
}
