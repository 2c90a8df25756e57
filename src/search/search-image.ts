// A picture that somebody searches for: bounded, decoded, and its fingerprint.
import sharp from 'sharp';
import { AppError } from '../app-error.js';
import { fingerprint } from '../model/signals/fingerprint.js';
import { HEIGHT, measurePicture, WIDTH } from '../model/signals/small-picture.js';
import { isPicture } from '../platform/media/picture-kinds.js';
import { MOST_IMAGE_BYTES } from './search.schema.js';

const MOST_PIXELS = 50_000_000;
/** Largest side that is kept: no embedder and no fingerprint looks closer. */
const KEPT_PIXELS = 1024;

/** The bytes of plain or `data:` base64. Rejects with `search.image_invalid` or `search.image_too_large`. */
export function decodeBase64(text: string): Buffer {
  const base64 = /^data:image\/[\w.+-]+;base64,(.*)$/is.exec(text)?.[1] ?? text;
  if (!/^[\w+/\s-]*={0,2}\s*$/.test(base64)) throw invalid('it is not base64');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > MOST_IMAGE_BYTES) throw tooLarge();
  return bytes;
}

export const tooLarge = (): AppError => new AppError('search.image_too_large', `The image is larger than ${MOST_IMAGE_BYTES} bytes.`);

/** The picture upright, without transparency, at most 1024 pixels across, as PNG. Rejects with `search.image_invalid`. */
export async function readPicture(bytes: Uint8Array): Promise<Buffer> {
  if (!isPicture(bytes)) throw invalid('it is no JPEG, PNG, GIF, WebP, TIFF, AVIF or HEIF');
  try {
    const image = sharp(bytes, { limitInputPixels: MOST_PIXELS, pages: 1 });
    const upright = image.rotate().flatten({ background: 'black' }).toColourspace('srgb');
    return await upright.resize(KEPT_PIXELS, KEPT_PIXELS, { fit: 'inside', withoutEnlargement: true }).png().toBuffer();
  } catch (cause) {
    throw invalid('it is no picture that can be decoded, or larger than 50 megapixels', cause);
  }
}

/** The same hash that a scan takes of each second: 16 hex digits. */
export async function fingerprintOfPicture(picture: Uint8Array): Promise<string> {
  const rgb = await sharp(picture).resize(WIDTH, HEIGHT, { fit: 'fill' }).removeAlpha().raw().toBuffer();
  return fingerprint(measurePicture(0, rgb));
}

const invalid = (why: string, cause?: unknown): AppError => new AppError('search.image_invalid', `The image cannot be used: ${why}.`, { cause });
