// Tells whether a message comes from the service, and what it says.
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { SecondsightError } from './error.js';
import type { webhooks } from './schema.js';

type Body<W> = W extends { post: { requestBody?: { content: { 'application/json': infer B } } } } ? B : never;

/** One of the messages of docs/webhooks.md; `type` tells which. */
export type WebhookMessage = { [W in keyof webhooks]: Body<webhooks[W]> }[keyof webhooks];

/**
 * `body`: the bytes as they came, as text. `headers`: webhook-id, webhook-timestamp and webhook-signature. Throws `webhook.not_ours`
 * unless the secret signed it within the last five minutes.
 */
export function verifyWebhook(secret: string, body: string, headers: Readonly<Record<string, string | undefined>> | Headers): WebhookMessage {
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    return new Webhook(secret).verify(body, Object.fromEntries(entries)) as WebhookMessage;
  } catch (cause) {
    if (!(cause instanceof WebhookVerificationError)) throw cause;
    throw new SecondsightError('webhook.not_ours', `The message is not to be trusted: ${cause.message}.`, { cause });
  }
}
