// The object of a bucket that a video is taken from, as one line: `s3://bucket/key`.
import { type ObjectName } from '../platform/storage/bucket-reader.js';

export const writeObjectUrl = ({ bucket, key }: ObjectName): string => `s3://${bucket}/${key}`;

/** The inverse. */
export function readObjectUrl(text: string): ObjectName {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/(.*)$/s.exec(text) ?? [];
  return { bucket, key };
}
