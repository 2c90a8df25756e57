// The size of a rendered picture.

/** H.264 of any player ends here. */
const MOST_PIXELS_ACROSS = 4096;

const even = (pixels: number): number => Math.max(2, 2 * Math.round(pixels / 2));

/** That of a video as it is shown, even as the encoder wants it, and no side longer than `most`: 853 x 480 -> 854 x 480. */
export function pictureSize({ width, height }: { readonly width: number; readonly height: number }, most = MOST_PIXELS_ACROSS): { width: number; height: number } {
  const scale = Math.min(1, most / Math.max(width, height));
  return { width: even(width * scale), height: even(height * scale) };
}
