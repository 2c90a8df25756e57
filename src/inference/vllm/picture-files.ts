// Pixels as the files in which servers are sent them.
import sharp, { type Sharp } from 'sharp';
import { type Size } from '../../model/qwen2-5-vl/smart-resize.js';

/** A frame, so fine that hardly anything is lost, and with no note about orientation, which a server would obey. */
export const toJpeg = (rgb: Uint8Array, { width, height }: Size): Promise<Uint8Array> => raw(rgb, { width, height }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();

/** A picture, with nothing lost. */
export const toPng = (rgb: Uint8Array, size: Size): Promise<Uint8Array> => raw(rgb, size).png().toBuffer();

const raw = (rgb: Uint8Array, { width, height }: Size): Sharp => sharp(rgb, { raw: { width, height, channels: 3 } });
