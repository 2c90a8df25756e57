// Boxes and points: however they are written, and where they lie in the original picture.
import { describe, expect, it } from 'vitest';
import { mapBox, mapPoint, readPlaces } from './boxes.js';

describe('readPlaces', () => {
  it('reads fenced boxes in the order written, sorts reversed corners and keeps labels', () => {
    const text = '```json\n[\n\t{"bbox_2d": [341, 258, 397, 360], "label": "cupcake"},\n\t{"bbox_2d": [30, 40, 10, 20], "label": "it\'s red", "sub_label": "x"}\n]\n```';
    expect(readPlaces(text)).toEqual({
      places: [
        { kind: 'box', box: [341, 258, 397, 360], label: 'cupcake' },
        { kind: 'box', box: [10, 20, 30, 40], label: "it's red" },
      ],
      unparsed: 0,
      truncated: false,
    });
  });

  it('reads points as JSON and as XML', () => {
    expect(readPlaces('{"point_2d": [394, 105], "label": "hat"}').places).toEqual([{ kind: 'point', point: [394, 105], label: 'hat' }]);
    const xml = '<points x1="11" y1="12" x2="21" y2="22.5" alt="birds">two birds</points>';
    expect(readPlaces(xml).places).toEqual([
      { kind: 'point', point: [11, 12], label: 'two birds' },
      { kind: 'point', point: [21, 22.5], label: 'two birds' },
    ]);
  });

  it('keeps what is whole of a list that is cut, and counts what is none', () => {
    const cut = '```json\n[{"bbox_2d": [1, 2, 3, 4], "label": "a"}, {"bbox_2d": [1, 2, 3], "label": "b"}, {"bbox_2d": [5, 6';
    expect(readPlaces(cut)).toEqual({ places: [{ kind: 'box', box: [1, 2, 3, 4], label: 'a' }], unparsed: 1, truncated: true });
    expect(readPlaces('There is no cat.')).toEqual({ places: [], unparsed: 0, truncated: false });
  });
});

describe('the way back to the original', () => {
  const [seen, original] = [{ width: 1092, height: 644 }, { width: 1920, height: 1080 }];

  it('stretches each side by its own factor, as resizing did', () => {
    expect(mapBox([0, 0, 1092, 644], seen, original)).toEqual([0, 0, 1920, 1080]);
    const [x, y] = mapPoint([546, 161], seen, original);
    expect([x, y]).toEqual([960, 270]);
  });

  it('brings what lies outside to the edge', () => {
    expect(mapBox([-5, 10, 2000, 700], seen, original)).toEqual([0, (10 / 644) * 1080, 1920, 1080]);
  });
});
