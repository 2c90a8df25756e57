// One JPEG of many small pictures of a chunk, left to right and row by row.
import sharp from 'sharp';
import { type ScanFrame, type VideoStream } from '../src/platform/media/index.js';

export interface Sprite {
  readonly jpeg: Buffer;
  readonly columns: number;
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** When each picture is presented, seconds of the video, in the order of the cells. */
  readonly times: readonly number[];
}

interface TileSize {
  readonly width: number;
  readonly height: number;
}

const TILE_SIDE = 160; // the longer one
const COLUMNS = 10;
const MOST_ROWS = 100; // a JPEG has at most 65,535 lines

/** In the shape that a player shows, 160 pixels at most on either side: 77 kB at most. Both sides are even. */
export function tileSize({ width, height }: Pick<VideoStream, 'width' | 'height'>): TileSize {
  const even = (side: number): number => Math.max(2, 2 * Math.round((TILE_SIDE * side) / Math.max(width, height) / 2));
  return { width: even(width), height: even(height) };
}

/** Takes pictures of one size as they come, and holds them until the sheet is made. */
export class SpriteSheet {
  private readonly tiles: ScanFrame[] = [];

  constructor(private readonly size: TileSize) {}

  add(tile: ScanFrame): void {
    this.tiles.push(tile);
  }

  /** Undefined without pictures. */
  async finish(): Promise<Sprite | undefined> {
    const { tiles, size } = this;
    if (tiles.length === 0) return undefined;
    const columns = Math.max(Math.min(COLUMNS, tiles.length), Math.ceil(tiles.length / MOST_ROWS));
    const rows = Math.ceil(tiles.length / columns);
    const sheet = { width: columns * size.width, height: rows * size.height };
    const rgb = Buffer.alloc(sheet.width * sheet.height * 3);
    const rowBytes = size.width * 3;
    for (const [i, tile] of tiles.entries()) {
      const [left, top] = [(i % columns) * size.width, Math.floor(i / columns) * size.height];
      for (let y = 0; y < size.height; y++) {
        rgb.set(tile.rgb.subarray(y * rowBytes, (y + 1) * rowBytes), ((top + y) * sheet.width + left) * 3);
      }
    }
    const jpeg = await sharp(rgb, { raw: { ...sheet, channels: 3 } }).jpeg({ quality: 75 }).toBuffer();
    return { jpeg, columns, rows, tileWidth: size.width, tileHeight: size.height, times: tiles.map(({ seconds }) => seconds) };
  }
}
