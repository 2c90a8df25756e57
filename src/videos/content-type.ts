// The media type of a container, as its name is given by the probe.

const TYPES: readonly (readonly [RegExp, string])[] = [
  [/\bmp4\b|\bmov\b/, 'video/mp4'],
  [/\bwebm\b/, 'video/webm'],
  [/\bmatroska\b/, 'video/x-matroska'],
  [/\bmpegts\b/, 'video/mp2t'],
  [/\bavi\b/, 'video/x-msvideo'],
  [/\bflv\b/, 'video/x-flv'],
];

export const contentTypeOf = (container: string): string =>
  TYPES.find(([pattern]) => pattern.test(container))?.[1] ?? 'application/octet-stream';
