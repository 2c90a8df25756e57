// Keeps signing secrets out of the database's plain text: AES-256-GCM under a key that only the processes have.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { AppError } from '../app-error.js';
import { type Config } from '../platform/config/config.js';
import { keptSecret } from '../platform/kept-secret.js';

/** Injection token of the SecretBox. */
export const SECRET_BOX = Symbol('SecretBox');

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export class SecretBox {
  private readonly key: Buffer;

  constructor(passphrase: string) {
    this.key = createHash('sha256').update(`webhook secrets\n${passphrase}`).digest();
  }

  seal(secret: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, iv);
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** Throws `webhook.secret_unreadable` for what another key has sealed. */
  open(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv(CIPHER, this.key, bytes.subarray(0, IV_BYTES)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw new AppError('webhook.secret_unreadable', 'The signing secret was sealed under another WEBHOOK_KEY; rotate it.', { cause });
    }
  }
}

/** Under WEBHOOK_KEY, else under one that is made once and kept below DATA_DIR. */
export const createSecretBox = async ({ WEBHOOK_KEY, DATA_DIR }: Pick<Config, 'WEBHOOK_KEY' | 'DATA_DIR'>): Promise<SecretBox> =>
  new SecretBox(WEBHOOK_KEY ?? (await keptSecret(DATA_DIR, 'webhook-key')));
