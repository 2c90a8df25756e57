// Where the pictures and videos of a conversation lie, and what of them is looked at.
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../src/app-error.js';
import { type SentObject, type StoredMedium } from '../../src/chat/index.js';
import { type ChatMedium } from '../../src/inference/inference.js';
import { sliceIndex } from '../../src/model/grounding/index-slice.js';
import { Media, secondsOf, type StreamIndex, type VideoStream } from '../../src/platform/media/index.js';
import { STORAGE, type Storage } from '../../src/platform/storage/storage.js';
import { asRefusal, FrameIndexes, VideoFiles, VideosService } from '../../src/videos/index.js';
import { WorkerContext } from '../worker-context.js';

type StoredVideo = Extract<StoredMedium, { kind: 'video' }>;

interface OpenedVideo {
  readonly file: string;
  readonly contentHash: string;
  readonly stream: VideoStream;
  readonly index: StreamIndex;
}

@Injectable()
export class ChatSources {
  constructor(
    private readonly videos: VideosService,
    private readonly files: VideoFiles,
    private readonly indexes: FrameIndexes,
    private readonly media: Media,
    @Inject(STORAGE) private readonly storage: Storage,
    private readonly context: WorkerContext,
  ) {}

  /** Rejects with `chat.video_gone`, `chat.range_outside_video` or `video.*`. */
  async open(medium: StoredMedium, signal: AbortSignal): Promise<ChatMedium> {
    if (medium.kind === 'image') {
      const { object, minPixels, maxPixels } = medium;
      return { kind: 'image', file: this.storage.pathOf(object.key), minPixels, maxPixels };
    }
    const { file, contentHash, stream, index } = await this.openVideo(medium, signal);
    const duration = secondsOf(index, index.endPts);
    const range = { startSeconds: medium.startTime ?? 0, endSeconds: Math.min(medium.endTime ?? duration, duration) };
    if (range.startSeconds >= duration) {
      throw new AppError('chat.range_outside_video', `start_time ${range.startSeconds} is not before the end of the video, ${duration} s.`);
    }
    const { maxFrames } = await this.context.inference.model();
    const sampling = { ...medium.sampling, maxFrames: medium.sampling.maxFrames ?? maxFrames };
    return { kind: 'video', file, contentHash, video: stream, index: sliceIndex(index, range), ...range, sampling };
  }

  private async openVideo({ videoId, object }: StoredVideo, signal: AbortSignal): Promise<OpenedVideo> {
    if (object) return this.openObject(object, signal);
    const video = await this.videos.load(videoId ?? '').catch((cause: unknown) => {
      throw new AppError('chat.video_gone', `Video ${videoId} was deleted before it could be looked at.`, { cause });
    });
    const { stream, index } = await this.indexes.of(video);
    return { file: await this.files.decoded(video), contentHash: video.sha256, stream, index };
  }

  private async openObject({ key, sha256 }: SentObject, signal: AbortSignal): Promise<OpenedVideo> {
    const file = this.storage.pathOf(key);
    try {
      const { video: stream } = await this.media.probe(file, signal);
      return { file, contentHash: sha256, stream, index: await this.media.indexFrames(file, stream, signal) };
    } catch (error) {
      throw asRefusal(error);
    }
  }
}
