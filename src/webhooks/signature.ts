// Standard Webhooks 1.0: secrets, and the signature by which a receiver knows that a message is ours and fresh.
import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** `whsec_` and 24 random bytes as base64. */
export const newSecret = (): string => PREFIX + randomBytes(24).toString('base64');

/** True for `whsec_` and 16 to 64 bytes as base64. */
export function isSecret(text: string): boolean {
  if (!text.startsWith(PREFIX)) return false;
  const key = keyOf(text);
  return key.length >= 16 && key.length <= 64 && key.toString('base64').replace(/=+$/, '') === text.slice(PREFIX.length).replace(/=+$/, '');
}

export interface SignedMessage {
  /** The same over all attempts: a receiver that has seen it need do nothing. */
  readonly id: string;
  /** Of the attempt: receivers refuse what is older than five minutes. */
  readonly at: Date;
  readonly body: string;
}

/** The three headers of the standard, with one signature for each secret that is live. */
export function signatureHeaders({ id, at, body }: SignedMessage, secrets: readonly string[]): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const sign = (secret: string): string => createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': secrets.map((secret) => `v1,${sign(secret)}`).join(' ') };
}

const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64');
