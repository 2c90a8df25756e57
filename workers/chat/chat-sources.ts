// Where the pictures and videos of a conversation lie, and what of them is looked at.
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../src/app-error.js';
import { type SentObject, type StoredMedium } from '../../src/chat/index.js';
import { isFileNeeded } from '../../src/inference/index.js';
import { type ChatMedium } from '../../src/inference/inference.js';
import { sliceIndex } from '../../src/model/grounding/index-slice.js';
import { Media, secondsOf, type StreamIndex, type VideoStream } from '../../src/platform/media/index.js';
import { STORAGE, type Storage } from '../../src/platform/storage/storage.js';
import { asRefusal, FrameIndexes, VideoFiles, VideosService } from '../../src/videos/index.js';
import { WorkerContext } from '../worker-context.js';

type StoredVideo = Extract<StoredMedium, { kind: 'video' }>;

interface OpenedVideo {
  /** Absent where it would have to be fetched. */
  readonly file: string | undefined;
  readonly contentHash: string;
  readonly stream: VideoStream;
  readonly index: StreamIndex;
}

interface Opening {
  /** Whether stored videos that lie on another machine are copied to this one. */
  readonly fetches: boolean;
  readonly signal: AbortSignal;
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

  /**
   * Hands `use` all of them, which are there until it has ended; stored videos of another machine at first without their files, as what was
   * seen of them may have been kept. Rejects with `chat.video_gone`, `chat.range_outside_video` or `video.*`.
   */
  async withOpened<T>(media: readonly StoredMedium[], signal: AbortSignal, use: (opened: readonly ChatMedium[]) => Promise<T>): Promise<T> {
    try {
      return await this.withAll(media, { fetches: false, signal }, use);
    } catch (error) {
      if (!isFileNeeded(error)) throw error;
      return this.withAll(media, { fetches: true, signal }, use);
    }
  }

  private async withAll<T>([next, ...rest]: readonly StoredMedium[], opening: Opening, use: (opened: readonly ChatMedium[]) => Promise<T>): Promise<T> {
    if (!next) return use([]);
    const andRest = (medium: ChatMedium): Promise<T> => this.withAll(rest, opening, (others) => use([medium, ...others]));
    if (next.kind === 'video') return this.withVideo(next, opening, async (video) => andRest(await this.rangeOf(next, video)));
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

  private async withVideo<T>({ videoId, object }: StoredVideo, { fetches, signal }: Opening, use: (video: OpenedVideo) => Promise<T>): Promise<T> {
    if (object) return this.storage.withFile(object.key, async (file) => use(await this.openObject(object, file, signal)));
    const video = await this.videos.load(videoId ?? '').catch((cause: unknown) => {
      throw new AppError('chat.video_gone', `Video ${videoId} was deleted before it could be looked at.`, { cause });
    });
    const { stream, index } = await this.indexes.of(video);
    const opened = (file?: string): Promise<T> => use({ file, contentHash: video.sha256, stream, index });
    return fetches || (await this.files.isDecodedHere(video)) ? this.files.withDecoded(video, opened) : opened();
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
