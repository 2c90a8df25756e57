// Rows of narrow spans as columns of pixels: one picture for all rows, so that ten thousand spans take as long to draw as ten.

export class Columns {
  private readonly sheet = document.createElement('canvas');
  private image = new ImageData(1, 1);
  // a pixel is one number: 0xaabbggrr, as every browser's machine keeps its bytes
  private pixels = new Uint32Array(this.image.data.buffer);

  /** Forgets what was marked; `width` in pixels of the screen; one row at least. */
  begin(width: number, rows: number): void {
    if (this.image.width !== width || this.image.height !== rows) {
      this.image = new ImageData(width, rows);
      this.pixels = new Uint32Array(this.image.data.buffer);
      [this.sheet.width, this.sheet.height] = [width, rows];
    } else this.pixels.fill(0);
  }

  /** From one edge to the other, in pixels of the screen: one column at least, and one left free after it where there is room. */
  mark(row: number, left: number, right: number, color: number): void {
    const { width } = this.image;
    const from = Math.max(0, Math.round(left));
    const until = Math.min(width, Math.max(Math.round(left) + 1, Math.round(right) - 1));
    this.pixels.fill(color, row * width + from, row * width + Math.max(from, until));
  }

  /** All that was marked; rows are drawn from here on. */
  finish(): void {
    this.sheet.getContext('2d', { willReadFrequently: true })?.putImageData(this.image, 0, 0);
  }

  drawRow(context: CanvasRenderingContext2D, row: number, { top, width, height }: { readonly top: number; readonly width: number; readonly height: number }): void {
    context.imageSmoothingEnabled = false;
    context.drawImage(this.sheet, 0, row, this.image.width, 1, 0, top, width, height);
  }
}

/** Of a colour written #rrggbb. */
export function pixelOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return ((0xff << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
