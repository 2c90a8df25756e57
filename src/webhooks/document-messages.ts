// Tells the OpenAPI document what is sent to webhooks.
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { EVENT_DATA, EVENT_TYPES } from './webhook-events.js';

const header = (name: string, description: string) => ({ name, in: 'header' as const, required: true, description, schema: { type: 'string' as const } });

/** As Standard Webhooks say. */
const HEADERS = [
  header('webhook-id', 'The same whenever the message is sent again.'),
  header('webhook-timestamp', 'Seconds since 1970.'),
  header('webhook-signature', 'v1 and a HMAC-SHA256 of id, timestamp and body under the secret; several while a secret is replaced.'),
];

/** Adds one webhook for each type of message. */
export function documentMessages(document: OpenAPIObject): OpenAPIObject {
  const webhooks = Object.fromEntries(
    EVENT_TYPES.map((type) => {
      const data = EVENT_DATA[type].extend({ url: z.string().describe('Path under which the rest is read.') });
      const { $schema: _dialect, ...schema } = z.toJSONSchema(z.object({ type: z.literal(type), timestamp: z.iso.datetime(), data }));
      return [type, { post: operationOf(type, schema) }];
    }),
  );
  return { ...document, webhooks };
}

const operationOf = (type: string, schema: object) => ({
  operationId: `on${type.replace(/(?:^|\.)(\w)/g, (_match, first: string) => first.toUpperCase())}`,
  summary: `A message of type ${type}`,
  tags: ['webhooks'],
  parameters: HEADERS,
  requestBody: { required: true, content: { 'application/json': { schema } } },
  responses: { '2XX': { description: 'Told. Anything else is tried again, except 410.' }, '410': { description: 'Never tell this address again.' } },
});
