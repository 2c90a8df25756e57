// Pictures and videos of a conversation: the tenant's own by their id, everything else received to the storage.
import { Inject, Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { GuardedFetch, outgoingUrl } from '../platform/http/guarded-fetch.js';
import { STORAGE, type Storage } from '../platform/storage/storage.js';
import { VideosService } from '../videos/index.js';
import { type SentObject, type StoredMedium } from './chat-completion.entity.js';
import { type ImagePart, type VideoPart } from './chat-message.schema.js';

const OWN_VIDEO = /^secondsight:\/\/videos\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const DATA_URL = /^data:[\w.+-]+\/[\w.+-]+(?:;[\w-]+=[^;,]+)*;base64,/i;
const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

const MOST_IMAGE_BYTES = 20 * 1024 ** 2;
const FETCH_MS = 5 * 60_000;
const MOST_REDIRECTS = 3;

@Injectable()
export class ChatMedia {
  constructor(
    private readonly videos: VideosService,
    private readonly fetch: GuardedFetch,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Rejects with `chat.*`, `video.not_found`, `address.*` or `http.*`, and keeps nothing then. */
  async receive(tenantId: string, parts: readonly (ImagePart | VideoPart)[], signal: AbortSignal): Promise<StoredMedium[]> {
    const media: StoredMedium[] = [];
    try {
      for (const part of parts) {
        const room = this.config.CHAT_MEDIA_BYTES - bytesOfAll(media);
        media.push(part.type === 'image_url' ? await this.image(part, room, signal) : await this.video(tenantId, part, { room, signal }));
      }
    } catch (error) {
      await this.discard(media);
      throw error;
    }
    return media;
  }

  async discard(media: readonly StoredMedium[]): Promise<void> {
    for (const { object } of media) if (object) await this.storage.remove(object.key);
  }

  private async image({ image_url: { url }, min_pixels: minPixels, max_pixels: maxPixels }: ImagePart, room: number, signal: AbortSignal): Promise<StoredMedium> {
    return { kind: 'image', object: await this.store(url, Math.min(room, MOST_IMAGE_BYTES), signal), minPixels, maxPixels };
  }

  private async video(tenantId: string, part: VideoPart, { room, signal }: { room: number; signal: AbortSignal }): Promise<StoredMedium> {
    const { video_url: { url }, start_time: startTime, end_time: endTime, sampling } = part;
    const medium = { kind: 'video', startTime, endTime, sampling } as const;
    const videoId = OWN_VIDEO.exec(url)?.[1];
    if (videoId === undefined) return { ...medium, object: await this.store(url, Math.min(room, this.config.UPLOAD_MAX_BYTES), signal) };
    const { duration } = await this.videos.get(videoId, tenantId);
    if (startTime !== undefined && startTime >= duration) {
      throw new AppError('chat.range_outside_video', `start_time ${startTime} is not before the end of the video, ${duration} s.`);
    }
    return { ...medium, videoId };
  }

  private async store(url: string, maxBytes: number, signal: AbortSignal): Promise<SentObject> {
    const source = DATA_URL.test(url) ? Readable.from([bytesOf(url)]) : await this.open(url, maxBytes, signal);
    const tooLarge = (): AppError => new AppError('chat.medium_too_large', `A picture or video is larger than ${maxBytes} bytes, all that there is room for.`);
    const { key, sha256, bytes } = await this.storage.receive(source, { maxBytes, tooLarge });
    return { key, sha256, bytes };
  }

  private async open(url: string, maxBytes: number, signal: AbortSignal): Promise<Readable> {
    if (!outgoingUrl.safeParse(url).success) {
      throw new AppError('chat.not_a_data_url', 'A url must be data: with base64, http:// or https://, or secondsight://videos/{id} of a video.');
    }
    const { status, body } = await this.fetch.request(url, { timeoutMs: FETCH_MS, maxBytes, maxRedirects: MOST_REDIRECTS, signal });
    if (status === 200) return body;
    body.destroy();
    throw new AppError('http.status', `${new URL(url).host} answered ${status}.`);
  }
}

/** What came with a conversation; the tenant's own videos are counted elsewhere. */
export const bytesOfAll = (media: readonly StoredMedium[]): number => media.reduce((sum, { object }) => sum + (object?.bytes ?? 0), 0);

function bytesOf(url: string): Buffer {
  const base64 = url.slice(url.indexOf(',') + 1);
  if (!BASE64.test(base64)) throw new AppError('chat.not_a_data_url', 'A data: url holds something that is not base64.');
  return Buffer.from(base64, 'base64');
}
