// Where the bytes of a video lie on this machine.
import { Inject, Injectable } from '@nestjs/common';
import { STORAGE, type Storage } from '../platform/storage/storage.js';
import { type Video } from './video.entity.js';

@Injectable()
export class VideoFiles {
  constructor(@Inject(STORAGE) private readonly storage: Storage) {}

  /** What was uploaded. */
  uploaded(video: Video): string {
    return this.storage.pathOf(video.storageKey);
  }

  /** What is decoded: the upload, or its copy in a container that can be searched. Both have the same times. */
  decoded(video: Video): string {
    return this.storage.pathOf(video.workKey ?? video.storageKey);
  }
}
