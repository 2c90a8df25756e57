// Buckets of others that videos may be taken from by key: which they are, and whose.
import { AppError } from '../../app-error.js';
import { type ImportBucket, importBucketOf, type ObjectStoreConfig } from '../config/object-store.js';
import { type OutgoingRequest, type OutgoingResponse } from '../http/outgoing-request.js';
import { type BucketReader, type ObjectName } from './bucket-reader.js';

export class ImportBuckets {
  private readonly allowed: readonly ImportBucket[];
  private reader: Promise<BucketReader> | undefined;

  constructor(private readonly config: ObjectStoreConfig) {
    this.allowed = config.IMPORT_BUCKETS.map(importBucketOf);
  }

  /** Throws `import.bucket_forbidden` unless the tenant may take that object. */
  check({ bucket, key }: ObjectName, tenantId: string): void {
    const mayHave = this.allowed.some((each) => each.bucket === bucket && key.startsWith(each.prefix.replaceAll('{tenant}', tenantId)));
    if (!mayHave) throw new AppError('import.bucket_forbidden', `Videos may not be taken from there: IMPORT_BUCKETS does not allow ${key} in bucket ${bucket}.`);
  }

  /** See `BucketReader.request`. */
  async request(name: ObjectName, request: OutgoingRequest): Promise<OutgoingResponse> {
    this.reader ??= import('./bucket-reader.js').then(({ BucketReader }) => new BucketReader(this.config));
    return (await this.reader).request(name, request);
  }
}
