// Brings the pictures of a window to the size at which they are seen.
import { createResizer, type Resizer } from '../model/qwen2-5-vl/resize.js';
import { type Size } from '../model/qwen2-5-vl/smart-resize.js';
import { type Picture } from '../platform/media/index.js';

/** Spec 4.1: frames of a video are resized by the video rule. A held picture is resized once. */
export function resizerTo(size: Size): (picture: Picture) => Uint8Array {
  let source: Size | undefined;
  let resizer: Resizer | undefined;
  let last: { readonly picture: Picture; readonly rgb: Uint8Array } | undefined;
  return (picture) => {
    if (last?.picture === picture) return last.rgb;
    if (!resizer || picture.width !== source?.width || picture.height !== source.height) {
      source = { width: picture.width, height: picture.height };
      resizer = createResizer(source, size, 'video');
    }
    last = { picture, rgb: resizer(picture.rgb) };
    return last.rgb;
  };
}
