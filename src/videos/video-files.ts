// Where the bytes of a video lie on this machine.
import { Inject, Injectable } from '@nestjs/common';
import { access } from 'node:fs/promises';
import { STORAGE, type Storage } from '../platform/storage/storage.js';
import { type Video } from './video.entity.js';
import { contentMissing } from './video.errors.js';

@Injectable()
export class VideoFiles {
  constructor(@Inject(STORAGE) private readonly storage: Storage) {}

  /** What was uploaded. */
  uploaded(video: Video): string {
    return this.storage.pathOf(video.storageKey);
  }

  /** What is decoded: the upload, or its copy in a container that can be searched; both have the same times. Rejects with `video.content_missing`. */
  async decoded(video: Video): Promise<string> {
    const path = this.storage.pathOf(video.workKey ?? video.storageKey);
    await access(path).catch((cause: unknown) => {
      throw contentMissing(video.id, cause);
    });
    return path;
  }
}
