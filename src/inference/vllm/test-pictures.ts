// Pictures that tell one frame from the next, for examining a server.
import { type Size } from '../../model/qwen2-5-vl/smart-resize.js';
import { toJpeg } from './picture-files.js';

/** JPEG files: a bright bar wanders over a dark ground whose colour changes. */
export async function testPictures(count: number, size: Size): Promise<Uint8Array[]> {
  return Promise.all(Array.from({ length: count }, (_, k) => toJpeg(barPicture(k / count, size), size)));
}

function barPicture(place: number, { width, height }: Size): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  const [from, to] = [Math.floor(place * width), Math.floor(place * width + width / 8)];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isBar = x >= from && x < to;
      rgb[at++] = isBar ? 240 : Math.round(90 * place);
      rgb[at++] = isBar ? 230 : 40;
      rgb[at++] = isBar ? 60 : Math.round(90 * (1 - place));
    }
  }
  return rgb;
}
