// One picture of a video, as a player would show it at a given second.
import { Injectable } from '@nestjs/common';
import sharp from 'sharp';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { Media } from '../platform/media/index.js';
import { FrameIndexes } from './frame-indexes.js';
import { type Video } from './video.entity.js';
import { asRefusal } from './video.errors.js';
import { VideoFiles } from './video-files.js';

export const thumbnailQuery = z.object({
  t: z.coerce.number().min(0).default(0).describe('Second of the video.'),
  width: z.coerce.number().int().min(16).max(1920).default(320).describe('Most pixels across; never enlarged.'),
});

export type ThumbnailQuery = z.infer<typeof thumbnailQuery>;

export interface Thumbnail {
  readonly jpeg: Buffer;
  /** When the picture is presented, seconds of the video: at `t` or before it. */
  readonly seconds: number;
}

@Injectable()
export class Thumbnails {
  constructor(
    private readonly media: Media,
    private readonly indexes: FrameIndexes,
    private readonly files: VideoFiles,
  ) {}

  /** Rejects with `video.time_outside` after the end, and with `video.unreadable` where nothing decodes. */
  at(video: Video, query: ThumbnailQuery): Promise<Thumbnail> {
    return this.decode(video, query).catch((error: unknown) => {
      throw asRefusal(error);
    });
  }

  private async decode(video: Video, { t, width }: ThumbnailQuery): Promise<Thumbnail> {
    if (t >= video.duration) throw new AppError('video.time_outside', `t ${t} is not before the end of the video, ${video.duration} s.`);
    const { stream, index } = await this.indexes.of(video);
    const { originPts: origin, timeBase } = index;
    const { num, den } = timeBase;
    const wanted = index.pts.findLast((pts) => ((pts - origin) * num) / den <= t + 1e-6) ?? origin;
    return this.files.withDecoded(video, async (file) => {
      for await (const picture of this.media.decodeFrames(file, stream, { pts: [wanted], keyframePts: index.keyframePts })) {
        const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
        const across = Math.min(width, stream.width);
        const size = { width: across, height: Math.max(1, Math.round((across * stream.height) / stream.width)) };
        const jpeg = await sharp(picture.rgb, { raw }).resize({ ...size, fit: 'fill' }).jpeg({ quality: 82 }).toBuffer();
        return { jpeg, seconds: ((picture.pts - origin) * num) / den };
      }
      throw new AppError('video.unreadable', `The picture at ${t} s cannot be decoded.`);
    });
  }
}
