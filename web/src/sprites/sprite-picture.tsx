// One picture of a sprite sheet, filling its box.
import type { SpriteTile } from './sprites-vtt';

interface SpritePictureProps {
  readonly videoId: string;
  readonly tile: SpriteTile | undefined;
  readonly className?: string | undefined;
  /** What it shows; decorative where there is none. */
  readonly label?: string;
}

export function SpritePicture({ videoId, tile, className, label }: SpritePictureProps) {
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg className={className} viewBox={tile ? `${tile.x} ${tile.y} ${tile.width} ${tile.height}` : '0 0 16 9'} preserveAspectRatio="xMidYMid slice" {...named}>
      {tile && <image href={sheetAddress(videoId, tile)} />}
    </svg>
  );
}

export const sheetAddress = (videoId: string, { sheet }: SpriteTile): string => `/v1/videos/${videoId}/${sheet}`;
