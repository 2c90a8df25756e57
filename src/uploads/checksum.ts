// The checksum that a client sends with a piece of an upload.
import { createHash, type Hash } from 'node:crypto';
import { AppError } from '../app-error.js';

/** As the protocol names them. */
export const CHECKSUM_ALGORITHMS = ['sha1', 'sha256', 'sha512', 'md5'];

export class Checksum {
  private readonly hash: Hash;

  private constructor(
    algorithm: string,
    private readonly expected: Buffer,
  ) {
    this.hash = createHash(algorithm);
  }

  /** Of a header such as `sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=`; undefined without one. Throws `upload.invalid_header`. */
  static of(header: string | undefined): Checksum | undefined {
    if (header === undefined) return undefined;
    const [algorithm = '', value = '', ...more] = header.split(' ');
    if (!CHECKSUM_ALGORITHMS.includes(algorithm) || value === '' || more.length > 0) {
      throw new AppError('upload.invalid_header', `Upload-Checksum: one of ${CHECKSUM_ALGORITHMS.join(', ')}, a space and the sum in Base64.`);
    }
    return new Checksum(algorithm, Buffer.from(value, 'base64'));
  }

  add(chunk: Buffer): void {
    this.hash.update(chunk);
  }

  /** Throws `upload.checksum_mismatch`; to be asked once, after the last chunk. */
  check(): void {
    if (!this.hash.digest().equals(this.expected)) throw new AppError('upload.checksum_mismatch', 'The piece is not what its checksum says; send it again.');
  }
}
