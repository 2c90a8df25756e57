// How much room the disk of a folder has.
import { statfs } from 'node:fs/promises';

export interface DiskSpace {
  /** What a process without special rights may still take. */
  readonly freeBytes: number;
  readonly sizeBytes: number;
}

export async function diskSpace(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
}
