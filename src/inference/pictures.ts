// Pictures of a conversation: measured before they are decoded, decoded within limits, resized by the rule for images, encoded.
import { open } from 'node:fs/promises';
import sharp from 'sharp';
import { AppError } from '../app-error.js';
import { gridOf, PATCH_LENGTH, patchifyGroup } from '../model/qwen2-5-vl/patches.js';
import { createResizer } from '../model/qwen2-5-vl/resize.js';
import { fittedSize, IMAGE_PIXELS, type Size, smartResize } from '../model/qwen2-5-vl/smart-resize.js';
import { isPicture, PICTURE_BEGINNING } from '../platform/media/picture-kinds.js';
import { type ImageSource } from './inference.js';
import { type PixelLimits } from './pixel-limits.js';
import { type VisionTower } from './vision-tower.js';

const MOST_PIXELS = 50_000_000;

/** Width and height of the picture, upright. Rejects with `image.unreadable` or `image.too_many_pixels`. */
export async function measurePictureFile(file: string): Promise<Size> {
  await requirePicture(file);
  const { autoOrient } = await sharp(file, { limitInputPixels: false, pages: 1 }).metadata().catch((cause: unknown) => {
    throw unreadable(cause);
  });
  if (autoOrient.width * autoOrient.height <= MOST_PIXELS) return { width: autoOrient.width, height: autoOrient.height };
  throw new AppError('image.too_many_pixels', `The image has ${autoOrient.width} x ${autoOrient.height} pixels, more than ${MOST_PIXELS}.`);
}

/** Spec 3.1 with the limits of the request, then with those of the checkpoint, which win. Throws `resize.*`. */
export function pictureSize(original: Size, { minPixels, maxPixels = IMAGE_PIXELS.maxPixels }: Omit<ImageSource, 'file'>, limits: PixelLimits): Size {
  const wanted = smartResize({ ...original, minPixels: minPixels ?? Math.min(IMAGE_PIXELS.minPixels, maxPixels), maxPixels });
  return fittedSize(original, wanted, limits);
}

/** Features of the picture at this size, [tokens, hidden]. Rejects with `image.unreadable`. */
export async function encodePicture(tower: VisionTower, file: string, original: Size, size: Size): Promise<Float32Array> {
  const frame = await readPicture(file, original, size);
  const grid = gridOf({ frames: 1, ...size });
  const patches = new Float32Array(grid[0] * grid[1] * grid[2] * PATCH_LENGTH);
  patchifyGroup({ first: frame, second: frame, ...size }, patches);
  return tower.encode(patches, grid);
}

/** The picture at this size, rgb24. Transparency becomes white, as on a page. Rejects with `image.unreadable`. */
export async function readPicture(file: string, original: Size, size: Size): Promise<Uint8Array> {
  const rgb = await sharp(file, { limitInputPixels: MOST_PIXELS, pages: 1 })
    .rotate()
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer()
    .catch((cause: unknown) => {
      throw unreadable(cause);
    });
  return createResizer(original, size, 'image')(rgb); // spec 4.1
}

async function requirePicture(file: string): Promise<void> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(PICTURE_BEGINNING), 0, PICTURE_BEGINNING, 0);
    if (!isPicture(buffer.subarray(0, bytesRead))) throw new AppError('image.unreadable', 'The image is no JPEG, PNG, GIF, WebP, TIFF, AVIF or HEIF.');
  } finally {
    await handle.close();
  }
}

const unreadable = (cause: unknown): AppError => new AppError('image.unreadable', 'The image cannot be decoded.', { cause });
