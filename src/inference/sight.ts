// What is to be seen of a window, laid out before any picture is decoded, and its name among all windows of all videos.
import { createHash } from 'node:crypto';
import { type FrameGrid, layGrid } from '../model/grounding/frame-grid.js';
import { gridOf, type Grid } from '../model/qwen2-5-vl/patches.js';
import { type Size } from '../model/qwen2-5-vl/smart-resize.js';
import { type ModelCard, type WindowSource } from './inference.js';
import { frameSize, type PixelLimits } from './pixel-limits.js';

export interface Sight {
  readonly frameGrid: FrameGrid;
  readonly size: Size;
  readonly grid: Grid;
  readonly key: string;
}

/** `version` changes with the way in which what is seen is kept. Throws `window.*`, `sampling.*` and `resize.*`. */
export function sightOf({ contentHash, video, index, startSeconds, endSeconds, sampling }: WindowSource, card: ModelCard, pixelLimits: PixelLimits, version: number | string): Sight {
  const frameGrid = layGrid(index, { ...sampling, startSeconds, endSeconds, fps: sampling.fps ?? card.fps, rates: card.rates });
  const frames = frameGrid.cells + (frameGrid.cells % 2);
  // Width and height are those a player shows, so that a frame of oblong pixels gets its true shape.
  const size = frameSize({ ...sampling, width: video.width, height: video.height, frames }, pixelLimits);
  const { firstCell, cells, effectiveFps } = frameGrid;
  const range = [frameGrid.startSeconds, frameGrid.endSeconds, firstCell, cells, effectiveFps];
  const name = JSON.stringify([version, contentHash, video.streamIndex, range, size.width, size.height, card.hash]);
  return { frameGrid, size, grid: gridOf({ frames, ...size }), key: createHash('sha256').update(name).digest('hex') };
}
