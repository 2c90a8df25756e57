// Measures what needs no model: one decode of the range gives its shots, black and frozen stretches.
import { Injectable } from '@nestjs/common';
import { type Task, type TaskWarning } from '../src/analysis/index.js';
import { detectSignals } from '../src/model/signals/index.js';
import { Media } from '../src/platform/media/index.js';
import { type NewSegment } from '../src/segments/index.js';
import { type Video, VideosService } from '../src/videos/index.js';
import { FrameIndexes } from './frame-indexes.js';

export interface ScanResult {
  readonly segments: readonly NewSegment[];
  /** Last decodable second of the video. */
  readonly decodedUntil: number;
  readonly warnings: readonly TaskWarning[];
}
