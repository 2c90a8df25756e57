// Settings of an S3-compatible object store: of the one that holds the videos, and of the buckets that videos may be taken from.
import { z } from 'zod';
import { doc } from './doc.js';

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const bucketName = z.string().regex(BUCKET, 'must be the name of a bucket: 3 to 63 small letters, digits, dots and hyphens');

/** `media` or `media/{tenant}/in/`. */
const ENTRY = /^([^/]*)(?:\/(.+\/))?$/;

/** A bucket that videos may be taken from, and how their keys must begin: `{tenant}` stands for the tenant. */
export interface ImportBucket {
  readonly bucket: string;
  readonly prefix: string;
}

/** Of an entry of IMPORT_BUCKETS. */
export function importBucketOf(entry: string): ImportBucket {
  const [, bucket = '', prefix = ''] = ENTRY.exec(entry) ?? [];
  return { bucket, prefix };
}

export const objectStore = {
  S3_BUCKET: bucketName.optional().meta(doc('Bucket for videos and what is made of them, which every process reaches: api and workers need no disk in common then.', { otherwise: 'they lie in DATA_DIR' })),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must look like https://store.example:9000' })
    .refine((url) => URL.canParse(url) && !new URL(url).username && !new URL(url).password, 'must not hold a name or a password: S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY do')
    .optional()
    .meta(doc('S3-compatible object store of S3_BUCKET and IMPORT_BUCKETS.', { otherwise: 'that of Amazon in S3_REGION' })),
  S3_REGION: z.string().regex(/^[a-z0-9-]+$/, 'must look like eu-central-1').default('us-east-1').meta(doc('Region of the object store.')),
  S3_ACCESS_KEY_ID: z.string().min(1).optional().meta(doc('Who this is to the object store.', { otherwise: 'what the machine is given by Amazon' })),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional().meta(doc('Secret to S3_ACCESS_KEY_ID.')),
  S3_FORCE_PATH_STYLE: z
    .enum(['true', 'false'])
    .optional()
    .meta(doc('Whether buckets are named in the path and not in the host: true or false.', { otherwise: 'true with S3_ENDPOINT' })),
  S3_CACHE_BYTES: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(50 * 1024 ** 3)
    .meta(doc('Room under DATA_DIR for copies of objects of S3_BUCKET, for all processes that share the folder; what is being read stays.', { unit: 'bytes' })),
  IMPORT_BUCKETS: z
    .string()
    .default('')
    .transform((list) => list.split(',').map((entry) => entry.trim()).filter((entry) => entry !== ''))
    .pipe(z.array(z.string().refine((entry) => BUCKET.test(importBucketOf(entry).bucket), 'must be a list of buckets, or of bucket/prefix/')))
    .meta(doc('Buckets that POST /v1/videos may take videos from by key, with commas between them: bucket, or bucket/prefix/ for keys that begin so; {tenant} in it stands for the tenant.', { otherwise: 'none' })),
};

export type ObjectStoreConfig = Readonly<z.output<z.ZodObject<typeof objectStore>>>;

/** What single variables cannot tell. */
export function objectStoreFaults(config: ObjectStoreConfig): string[] {
  const { S3_BUCKET, S3_ENDPOINT, S3_ACCESS_KEY_ID: id, S3_SECRET_ACCESS_KEY: secret, IMPORT_BUCKETS } = config;
  const used = S3_BUCKET !== undefined || IMPORT_BUCKETS.length > 0;
  const needsKeys = used && S3_ENDPOINT !== undefined;
  const without = (given: string | undefined, other: string | undefined, name: string): string | undefined => {
    if (given !== undefined || (other === undefined && !needsKeys)) return undefined;
    return `${name}: is not set, although ${other === undefined ? 'S3_ENDPOINT' : 'the other half of the key'} is`;
  };
  return [
    !used && S3_ENDPOINT !== undefined ? 'S3_BUCKET: is not set, although S3_ENDPOINT is' : undefined,
    without(id, secret, 'S3_ACCESS_KEY_ID'),
    without(secret, id, 'S3_SECRET_ACCESS_KEY'),
    S3_BUCKET !== undefined && IMPORT_BUCKETS.some((entry) => importBucketOf(entry).bucket === S3_BUCKET) ? 'IMPORT_BUCKETS: must not hold S3_BUCKET, where the videos of all tenants lie' : undefined,
  ].filter((fault) => fault !== undefined);
}
