// What hangs on a video belongs to the video's tenant.
import { Raw } from 'typeorm';

/** Condition on a column that names a video. */
export const ofTenant = (tenantId: string) =>
  Raw<string>((column) => `${column} IN (SELECT videos.id FROM videos WHERE videos.tenant_id = :tenantId)`, { tenantId });
