// The bytes of a video, as a file of this machine.
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../app-error.js';
import { STORAGE, type Storage } from '../platform/storage/storage.js';
import { type Video } from './video.entity.js';
import { contentMissing } from './video.errors.js';

type Use<T> = (path: string) => Promise<T>;

@Injectable()
export class VideoFiles {
  constructor(@Inject(STORAGE) private readonly storage: Storage) {}

  /** What was uploaded, until `use` has ended. Rejects with `video.content_missing`. */
  withUploaded<T>(video: Video, use: Use<T>): Promise<T> {
    return this.withObject(video, video.storageKey, use);
  }

  /** What is decoded: the upload, or its copy in a container that can be searched; both have the same times. Rejects as above. */
  withDecoded<T>(video: Video, use: Use<T>): Promise<T> {
    return this.withObject(video, video.workKey ?? video.storageKey, use);
  }

  /** Whether `withDecoded` has to fetch nothing from another machine. */
  isDecodedHere(video: Video): Promise<boolean> {
    return this.storage.isHere(video.workKey ?? video.storageKey);
  }

  private async withObject<T>({ id }: Video, key: string, use: Use<T>): Promise<T> {
    return this.storage.withFile(key, use).catch((error: unknown) => {
      throw error instanceof AppError && error.code === 'storage.not_found' ? contentMissing(id, error) : error;
    });
  }
}
