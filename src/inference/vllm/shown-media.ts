// Pictures and frames as a request shows them, and the places that they have in the rendered prompt.
import { type Timing } from '../../platform/config/remote-model.js';
import { type ContentPart } from '../../model/qwen2-5-vl/prompt.js';
import { BLOCK_SIZE, TEMPORAL_PATCH_SIZE } from '../../model/qwen2-5-vl/patches.js';
import { type Size } from '../../model/qwen2-5-vl/smart-resize.js';

/** An even number of frames at an exact rate, all of one size, as JPEG files. */
export interface ShownVideo {
  readonly kind: 'video';
  readonly frames: readonly Uint8Array[];
  readonly fps: number;
  readonly size: Size;
}

/** A picture as a PNG file. */
export interface ShownImage {
  readonly kind: 'image';
  readonly file: Uint8Array;
  readonly size: Size;
}

export type ShownMedium = ShownVideo | ShownImage;

/** What stands for a medium in a prompt: its parts in the request, the same parts as the template renders them, and how many tokens they make. */
export interface Showing {
  readonly sent: readonly object[];
  readonly rendered: readonly ContentPart[];
  /** Pads in the rendered prompt, each one token there. */
  readonly pads: number;
  readonly tokens: number;
}

/** Frames of this many pixels pass a server's own resizing unchanged, whichever of its defaults it has. */
const UNTOUCHED_PIXELS = { least: 100_352, most: 602_112 };

export const tokensOfFrame = ({ width, height }: Size): number => (width * height) / BLOCK_SIZE ** 2;

export function show(medium: ShownMedium, timing: Timing): Showing {
  const perGroup = tokensOfFrame(medium.size);
  if (medium.kind === 'image') {
    return { sent: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${base64(medium.file)}` } }], rendered: [{ type: 'image' }], pads: 1, tokens: perGroup };
  }
  const groups = medium.frames.length / TEMPORAL_PATCH_SIZE;
  if (timing === 'video') return { sent: [videoPart(medium.frames)], rendered: [{ type: 'video' }], pads: 1, tokens: groups * perGroup };
  const sent: object[] = [];
  const rendered: ContentPart[] = [];
  for (let group = 0; group < groups; group++) {
    const mark = { type: 'text' as const, text: `[${((group * TEMPORAL_PATCH_SIZE) / medium.fps).toFixed(1)}s]` };
    sent.push(mark, videoPart(medium.frames.slice(group * TEMPORAL_PATCH_SIZE, (group + 1) * TEMPORAL_PATCH_SIZE)));
    rendered.push(mark, { type: 'video' });
  }
  return { sent, rendered, pads: groups, tokens: groups * perGroup };
}

/**
 * The fields of a request that tell the server the rate and keep it from dropping, resampling or resizing frames. They hold for all videos
 * of the request: these must have one rate. A server of the days before `media_io_kwargs` heard the rate from `mm_processor_kwargs`.
 */
export function mediaFields(media: readonly ShownMedium[], timing: Timing): object {
  const videos = media.filter((medium) => medium.kind === 'video');
  const [video] = videos;
  if (!video) return {};
  const pixelsOf = ({ size }: ShownMedium): number => size.width * size.height;
  const isTouched = videos.some((each) => pixelsOf(each) < UNTOUCHED_PIXELS.least || pixelsOf(each) > UNTOUCHED_PIXELS.most);
  const size = isTouched ? { size: { shortest_edge: Math.min(...media.map(pixelsOf)), longest_edge: Math.max(...media.map(pixelsOf)) } } : {};
  const fps = timing === 'video' ? video.fps : TEMPORAL_PATCH_SIZE; // a group by itself has no time but that of its mark
  const frames = timing === 'video' ? Math.max(...videos.map((each) => each.frames.length)) : TEMPORAL_PATCH_SIZE;
  return { media_io_kwargs: { video: { fps, num_frames: frames } }, mm_processor_kwargs: { do_sample_frames: false, fps, ...size } };
}

const videoPart = (frames: readonly Uint8Array[]): object => ({ type: 'video_url', video_url: { url: `data:video/jpeg;base64,${frames.map(base64).join()}` } });

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
