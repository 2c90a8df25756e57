// Where the pictures and videos of a conversation lie, and what of them is looked at.
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../src/app-error.js';
import { type SentObject, type StoredMedium } from '../../src/chat/index.js';
import { neededContent } from '../../src/inference/index.js';
import { type ChatMedium } from '../../src/inference/inference.js';
import { sliceIndex } from '../../src/model/grounding/index-slice.js';
import { Media, secondsOf, type StreamIndex, type VideoStream } from '../../src/platform/media/index.js';
import { STORAGE, type Storage } from '../../src/platform/storage/storage.js';
import { asRefusal, FrameIndexes, type Video, VideoFiles, VideosService } from '../../src/videos/index.js';
import { WorkerContext } from '../worker-context.js';

type StoredVideo = Extract<StoredMedium, { kind: 'video' }>;

interface OpenedVideo {
  /** Absent where it would have to be fetched. */
  readonly file: string | undefined;
  readonly contentHash: string;
  readonly stream: VideoStream;
  readonly index: StreamIndex;
}

interface Opened {
  readonly medium: ChatMedium;
  /** Of a stored video. */
  readonly stored?: Video | undefined;
}

type Use<Given, T> = (given: Given) => Promise<T>;

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
   * seen of them may have been kept, then the first that is needed with its own, then all. Rejects with `chat.video_gone`,
   * `chat.range_outside_video` or `video.*`.
   */
  withOpened<T>(media: readonly StoredMedium[], signal: AbortSignal, use: Use<readonly ChatMedium[], T>): Promise<T> {
    return this.withAll(media, signal, async (opened) => {
      const run = (isNeeded: (hash: string) => boolean): Promise<T> => this.withFiles(opened, isNeeded, use);
      const orElse = (next: Use<unknown, T>) => (error: unknown): Promise<T> => {
        const needed = neededContent(error);
        if (needed === undefined) throw error;
        return next(needed);
      };
      return run(() => false).catch(orElse((needed) => run((hash) => hash === needed))).catch(orElse(() => run(() => true)));
    });
  }

  private async withAll<T>([next, ...rest]: readonly StoredMedium[], signal: AbortSignal, use: Use<readonly Opened[], T>): Promise<T> {
    if (!next) return use([]);
    const andRest = (opened: Opened): Promise<T> => this.withAll(rest, signal, (others) => use([opened, ...others]));
    if (next.kind === 'video') return this.withVideo(next, signal, async (video, stored) => andRest({ medium: await this.rangeOf(next, video), stored }));
    const { object, minPixels, maxPixels } = next;
    return this.storage.withFile(object.key, (file) => andRest({ medium: { kind: 'image', file, minPixels, maxPixels } }));
  }

  /** Fetches the stored videos that are needed and not here. */
  private async withFiles<T>(opened: readonly Opened[], isNeeded: (hash: string) => boolean, use: Use<readonly ChatMedium[], T>): Promise<T> {
    const missing = opened.find(({ medium, stored }) => stored && medium.file === undefined && isNeeded(stored.sha256))?.stored;
    if (!missing) return use(opened.map(({ medium }) => medium));
    const given = (file: string): Opened[] => opened.map(({ medium, stored }) => ({ medium: stored?.id === missing.id ? { ...medium, file } : medium, stored }));
    return this.files.withDecoded(missing, (file) => this.withFiles(given(file), isNeeded, use));
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

  private async withVideo<T>({ videoId, object }: StoredVideo, signal: AbortSignal, use: (video: OpenedVideo, stored?: Video) => Promise<T>): Promise<T> {
    if (object) return this.storage.withFile(object.key, async (file) => use(await this.openObject(object, file, signal)));
    const video = await this.videos.load(videoId ?? '').catch((cause: unknown) => {
      throw new AppError('chat.video_gone', `Video ${videoId} was deleted before it could be looked at.`, { cause });
    });
    const { stream, index } = await this.indexes.of(video);
    const opened = (file?: string): Promise<T> => use({ file, contentHash: video.sha256, stream, index }, video);
    return (await this.files.isDecodedHere(video)) ? this.files.withDecoded(video, opened) : opened();
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
