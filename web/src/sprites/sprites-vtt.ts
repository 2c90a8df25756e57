// Reads the index of the sprite sheets: which second of the video is where on which sheet.

export interface SpriteTile {
  /** Seconds of the video that the picture stands for. */
  readonly start: number;
  readonly end: number;
  /** Name of the sheet, as in `sprites/0.jpg`. */
  readonly sheet: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const CUE = /^(\S+) --> (\S+)\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/gm;

/** In order of time. */
export const parseSprites = (vtt: string): SpriteTile[] =>
  [...vtt.matchAll(CUE)].map(([, start = '', end = '', sheet = '', x, y, width, height]) => ({
    ...{ start: secondsOf(start), end: secondsOf(end), sheet },
    ...{ x: Number(x), y: Number(y), width: Number(width), height: Number(height) },
  }));

const secondsOf = (mark: string): number => mark.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

/** The tile that shows a second: the last that begins at it or before; undefined where none is known. */
export function tileAt(tiles: readonly SpriteTile[], seconds: number): SpriteTile | undefined {
  let [low, high] = [0, tiles.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tiles[middle]?.start ?? 0) <= seconds) low = middle + 1;
    else high = middle;
  }
  return tiles[Math.max(0, low - 1)];
}
