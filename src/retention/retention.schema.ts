// How long videos are kept, as the API shows it and takes it.
import { z } from 'zod';

export const tenantId = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'must hold small letters, digits, _ and - only').describe('Name of a tenant.');

const age = (what: string) => z.number().positive().max(36_500).nullable().describe(`Days after its upload at which ${what}; null: never.`);

export const retentionBody = z.strictObject({
  content_days: age('the bytes and pictures of a video are removed while segments and answers stay'),
  video_days: age('a video is deleted with all that hangs on it'),
});
export type RetentionBody = z.infer<typeof retentionBody>;

export const retentionResource = z
  .object({
    object: z.literal('retention'),
    tenant_id: tenantId,
    source: z.enum(['tenant', 'configuration']).describe('configuration: the tenant has no rule of its own.'),
    ...retentionBody.shape,
  })
  .meta({ id: 'Retention' });
