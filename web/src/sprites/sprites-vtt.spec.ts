// The index of the sprite sheets.
import { describe, expect, it } from 'vitest';
import { parseSprites, tileAt } from './sprites-vtt';

const VTT = 'WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nsprites/0.jpg#xywh=0,0,160,90\n\n01:00:01.000 --> 01:00:02.500\nsprites/7.jpg#xywh=160,90,160,90\n\n';

describe('the sprites', () => {
  it('are read with their times and places', () => {
    expect(parseSprites(VTT)[1]).toEqual({ start: 3601, end: 3602.5, sheet: 'sprites/7.jpg', x: 160, y: 90, width: 160, height: 90 });
  });

  it('are found by second', () => {
    const tiles = parseSprites(VTT);
    expect([0, 0.5, 3600.9, 3601, 9999].map((second) => tileAt(tiles, second)?.sheet)).toEqual(['sprites/0.jpg', 'sprites/0.jpg', 'sprites/0.jpg', 'sprites/7.jpg', 'sprites/7.jpg']);
    expect(tileAt([], 3)).toBeUndefined();
  });
});
