// The index of the sprite sheets as WebVTT, the form that players read for previews.
import { clockTime } from '../exports/index.js';
import { type ScanChunk } from './scan.entity.js';

/** One cue for each thumbnail, shown from its own time until the next one's; the last until the end of its chunk. */
export function spritesVtt(chunks: readonly Pick<ScanChunk, 'ordinal' | 'endTime' | 'sprite'>[]): string {
  const cues = chunks.flatMap(({ ordinal, sprite, endTime }) => {
    if (!sprite) return [];
    const { times, columns, tileWidth, tileHeight } = sprite;
    return times.map((start, k) => {
      const [x, y] = [(k % columns) * tileWidth, Math.floor(k / columns) * tileHeight];
      const end = times[k + 1] ?? Math.max(endTime, start);
      return `${mark(start)} --> ${mark(end)}\nsprites/${ordinal}.jpg#xywh=${x},${y},${tileWidth},${tileHeight}\n\n`;
    });
  });
  return `WEBVTT\n\n${cues.join('')}`;
}

const mark = (seconds: number): string => clockTime(Math.round(seconds * 1000), '.');
