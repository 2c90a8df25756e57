// A file of a watched folder as it was at one time: what is written in its place is another one.

export interface FileVersion {
  readonly path: string;
  readonly bytes: number;
  readonly changedMs: number;
}

/** `/in/a.mp4|1024|1700000000000` */
export const writeVersion = ({ path, bytes, changedMs }: FileVersion): string => `${path}|${bytes}|${changedMs}`;

/** The inverse. */
export function readVersion(text: string): FileVersion {
  const [, path = '', bytes, changedMs] = /^(.*)\|(\d+)\|([\d.]+)$/s.exec(text) ?? [];
  return { path, bytes: Number(bytes), changedMs: Number(changedMs) };
}
