// Keeps signing secrets out of the database's plain text: sealed under a key that only the processes have.
import { createHash } from 'node:crypto';
import { AppError } from '../app-error.js';
import { type Config } from '../platform/config/config.js';
import { keptSecret } from '../platform/kept-secret.js';
import { seal, unseal } from '../platform/seal.js';

/** Injection token of the SecretBox. */
export const SECRET_BOX = Symbol('SecretBox');

export class SecretBox {
  private readonly key: Buffer;

  constructor(passphrase: string) {
    this.key = createHash('sha256').update(`webhook secrets\n${passphrase}`).digest();
  }

  seal(secret: string): string {
    return seal(this.key, Buffer.from(secret)).toString('base64');
  }

  /** Throws `webhook.secret_unreadable` for what another key has sealed. */
  open(sealed: string): string {
    try {
      return unseal(this.key, Buffer.from(sealed, 'base64')).toString();
    } catch (cause) {
      throw new AppError('webhook.secret_unreadable', 'The signing secret was sealed under another WEBHOOK_KEY; rotate it.', { cause });
    }
  }
}

/** Under WEBHOOK_KEY, else under one that is made once and kept below DATA_DIR. */
export const createSecretBox = async ({ WEBHOOK_KEY, DATA_DIR }: Pick<Config, 'WEBHOOK_KEY' | 'DATA_DIR'>): Promise<SecretBox> =>
  new SecretBox(WEBHOOK_KEY ?? (await keptSecret(DATA_DIR, 'webhook-key')));
