// What only says something to whoever has the pepper: the hash that is kept of a key, and what is sealed.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Config } from '../platform/config/config.js';
import { keptSecret } from '../platform/kept-secret.js';
import { seal, unseal } from '../platform/seal.js';

const FILE = 'api-key-pepper';

/** Hashes and seals under one pepper; `purpose` keeps what is made for one thing from passing for another. */
export class KeyHasher {
  constructor(private readonly pepper: string) {}

  /** 64 hex digits. */
  hash(purpose: 'key' | 'session' | 'seal', text: string): string {
    return createHmac('sha256', this.pepper).update(`${purpose}\n${text}`).digest('hex');
  }

  /** In the same time whatever differs. */
  matches(purpose: 'key' | 'session', text: string, hash: string): boolean {
    const [given, kept] = [Buffer.from(this.hash(purpose, text)), Buffer.from(hash)];
    return given.length === kept.length && timingSafeEqual(given, kept);
  }

  seal(plain: Uint8Array): Buffer {
    return seal(this.sealKey(), plain);
  }

  /** Throws for what was not sealed under this pepper. */
  unseal(sealed: Uint8Array): Buffer {
    return unseal(this.sealKey(), sealed);
  }

  private sealKey(): Buffer {
    return Buffer.from(this.hash('seal', ''), 'hex');
  }
}

/** Under API_KEY_PEPPER, else under one that is made once and kept below DATA_DIR, readable to its owner alone. Rejects with `secret.unusable`. */
export async function createKeyHasher({ API_KEY_PEPPER, DATA_DIR }: Pick<Config, 'API_KEY_PEPPER' | 'DATA_DIR'>): Promise<KeyHasher> {
  return new KeyHasher(API_KEY_PEPPER ?? (await keptSecret(DATA_DIR, FILE)));
}
