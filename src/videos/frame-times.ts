// When the frames around a second are presented: what stepping from frame to frame needs where frames last differently long.
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { lastNotAfter } from '../platform/media/index.js';
import { FrameIndexes } from './frame-indexes.js';
import { type Video } from './video.entity.js';

export const framesQuery = z.object({
  t: z.coerce.number().min(0).default(0).describe('Second of the video.'),
  around: z.coerce.number().int().min(1).max(1000).default(120).describe('Frames on either side of the one that is shown then.'),
});
export type FramesQuery = z.infer<typeof framesQuery>;

export const framesResource = z
  .object({
    object: z.literal('frames'),
    total: z.number().int().describe('Frames of the whole video.'),
    first: z.number().int().describe('Number of the first frame that is given; the first of the video is 0.'),
    times: z.array(z.number()).describe('When each is presented, seconds from the first presented frame of the video.'),
    end_time: z.number().describe('When the last one that is given is no longer shown.'),
  })
  .meta({ id: 'Frames' });

/** The times are fractions of ticks: a second that was one of them means it. */
const ARITHMETIC_SECONDS = 1e-6;

@Injectable()
export class FrameTimes {
  constructor(private readonly indexes: FrameIndexes) {}

  async around(video: Video, { t, around }: FramesQuery): Promise<z.infer<typeof framesResource>> {
    const { pts, originPts, endPts, timeBase } = (await this.indexes.of(video)).index;
    const secondsOf = (ticks: number): number => ((ticks - originPts) * timeBase.num) / timeBase.den;
    const shown = Math.max(0, lastNotAfter(pts, originPts + ((t + ARITHMETIC_SECONDS) * timeBase.den) / timeBase.num));
    const first = Math.max(0, shown - around);
    const end = Math.min(pts.length, shown + around + 1);
    return { object: 'frames', total: pts.length, first, times: Array.from(pts.subarray(first, end), secondsOf), end_time: secondsOf(pts[end] ?? endPts) };
  }
}
