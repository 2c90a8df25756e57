// The media tools under test: those that FFMPEG_PATH and FFPROBE_PATH name, else what the product finds by itself.
import { Media, type StreamIndex, type VideoStream } from '../../src/platform/media/index.js';

export const media = new Media({
  FFMPEG_PATH: process.env['FFMPEG_PATH'],
  FFPROBE_PATH: process.env['FFPROBE_PATH'],
  MEDIA_TIMEOUT_SECONDS: 120,
});

/** A real clip of the folder that MEDIA_DIR names; undefined without it. */
export const realClip = (name: string): string | undefined => {
  const folder = process.env['MEDIA_DIR'];
  return folder === undefined ? undefined : `${folder}/${name}`;
};

export async function openClip(file: string): Promise<{ file: string; video: VideoStream; index: StreamIndex }> {
  const { video } = await media.probe(file);
  return { file, video, index: await media.indexFrames(file, video) };
}

/** Reads an async iterable to its end. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}
