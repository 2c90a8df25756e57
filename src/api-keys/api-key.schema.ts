// The resource of a key as the API shows it.
import { z } from 'zod';
import { DEFAULT_TENANT, SCOPES } from '../platform/http/access.js';
import { pageOf } from '../platform/http/cursor.js';
import { plainText } from '../platform/http/text.js';
import { type ApiKey } from './api-key.entity.js';

export const keyId = z.uuid().describe('Id of a key.');

const name = plainText(100).describe('What the key is for.');
const expiresAt = z.iso
  .datetime({ offset: true })
  .refine((text) => new Date(text) > new Date(), 'must be in the future')
  .nullable();

export const keyRequest = z.strictObject({
  name,
  tenant_id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'must hold small letters, digits, _ and - only')
    .default(DEFAULT_TENANT)
    .describe('Whose videos the key is for; a tenant begins with its first key.'),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .transform((scopes) => [...new Set(scopes)])
    .describe('What it allows. admin is for whoever runs the installation: everything in its tenant, and the keys, retention and metrics of all.'),
  expires_at: expiresAt.default(null).describe('When it ends by itself; null: never.'),
});

export type KeyBody = z.infer<typeof keyRequest>;

export const keyChange = z.strictObject({ name: name.optional(), expires_at: expiresAt.optional().describe('null: never.') });
export type KeyChange = z.infer<typeof keyChange>;

export const keyResource = z
  .object({
    id: keyId,
    object: z.literal('api_key'),
    name: z.string(),
    tenant_id: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    prefix: z.string().describe('The part of the key that is no secret.'),
    status: z.enum(['active', 'expired', 'revoked']),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().nullable(),
    revoked_at: z.iso.datetime().nullable(),
    last_used_at: z.iso.datetime().nullable().describe('To the minute.'),
  })
  .meta({ id: 'ApiKey' });

export const newKeyResource = keyResource.extend({ key: z.string().describe('The whole key: shown now, and never again.') }).meta({ id: 'NewApiKey' });

export const keyPage = pageOf(keyResource).meta({ id: 'ApiKeyPage' });

export function presentKey(key: ApiKey): z.infer<typeof keyResource> {
  return {
    id: key.id,
    object: 'api_key',
    name: key.name,
    tenant_id: key.tenantId,
    scopes: [...key.scopes],
    prefix: key.prefix,
    status: key.revokedAt ? 'revoked' : key.expiresAt && key.expiresAt <= new Date() ? 'expired' : 'active',
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
  };
}
