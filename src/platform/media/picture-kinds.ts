// Which files are shown to a decoder of pictures: known by how they begin, whatever they are called.

/** How files of the formats begin that are read here, as latin1. */
const BEGINNINGS = [/^\xff\xd8\xff/, /^\x89PNG\r\n\x1a\n/, /^GIF8[79]a/, /^RIFF[^]{4}WEBP/, /^(II\*\0|MM\0\*)/, /^[^]{4}ftyp(avi[fs]|hei[cfmsx]|hev[cmx]|mif1|msf1)/];

/** Bytes that tell. */
export const PICTURE_BEGINNING = 16;

/** JPEG, PNG, GIF, WebP, TIFF, AVIF or HEIF. */
export function isPicture(bytes: Uint8Array): boolean {
  const beginning = Buffer.from(bytes.subarray(0, PICTURE_BEGINNING)).toString('latin1');
  return BEGINNINGS.some((pattern) => pattern.test(beginning));
}
