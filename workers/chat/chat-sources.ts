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

  /** Hands `use` all of them, which are there until it has ended. Rejects with `chat.video_gone`, `chat.range_outside_video` or `video.*`. */
  async withOpened<T>([next, ...rest]: readonly StoredMedium[], signal: AbortSignal, use: (opened: readonly ChatMedium[]) => Promise<T>): Promise<T> {
    if (!next) return use([]);
    const andRest = (medium: ChatMedium): Promise<T> => this.withOpened(rest, signal, (others) => use([medium, ...others]));
    if (next.kind === 'video') return this.withVideo(next, signal, async (video) => andRest(await this.rangeOf(next, video)));
    const { object, minPixels, maxPixels } = next;
    return this.storage.withFile(object.key, (file) => andRest({ kind: 'image', file, minPixels, maxPixels }));
  }

  private async rangeOf(medium: StoredVideo, { file, contentHash, stream, index }: OpenedVideo): Promise<ChatMedium> {
    const duration = secondsOf(index, index.endPts);
    const range = { startSeconds: medium.startTime ?? 0, endSeconds: Math.min(medium.endTime ?? duration, duration) };
    if (range.startSeconds >= duration) {
      throw new AppError('chat.range_outside_video', `start_time ${range.startSeconds} is not before the end of the video, ${duration} s.`);
    }
    const { maxFrames } = await this.context.inference.model();
    const sampling = { ...medium.sampling, maxFrames: medium.sampling.maxFrames ?? maxFrames };
    return { kind: 'video', file, contentHash, video: stream, index: sliceIndex(index, range), ...range, sampling };
  }

  private async withVideo<T>({ videoId, object }: StoredVideo, signal: AbortSignal, use: (video: OpenedVideo) => Promise<T>): Promise<T> {
    if (object) return this.storage.withFile(object.key, async (file) => use(await this.openObject(object, file, signal)));
    const video = await this.videos.load(videoId ?? '').catch((cause: unknown) => {
      throw new AppError('chat.video_gone', `Video ${videoId} was deleted before it could be looked at.`, { cause });
    });
    const { stream, index } = await this.indexes.of(video);
    return this.files.withDecoded(video, (file) => use({ file, contentHash: video.sha256, stream, index }));
  }

  private async openObject({ sha256 }: SentObject, file: string, signal: AbortSignal): Promise<OpenedVideo> {
    try {
      const { video: stream } = await this.media.probe(file, signal);
      return { file, contentHash: sha256, stream, index: await this.media.indexFrames(file, stream, signal) };
    } catch (error) {
      throw asRefusal(error);
    }
  }
}
