// /v1/storage: what is stored, and what would be freed.
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { RequireScope } from '../platform/http/access.js';
import { StorageUse, type TenantUse } from './storage-use.js';

const storageResource = z
  .object({
    object: z.literal('storage'),
    disk: z.object({ size_bytes: z.number(), free_bytes: z.number(), reserve_bytes: z.number().describe('Room that is to stay free: no video is taken beyond it.') }).describe('Of DATA_DIR on the machine of the api.'),
    tenants: z.array(
      z.object({
        tenant_id: z.string(),
        videos: z.number().int(),
        bytes: z.number().describe('As they were uploaded, of the videos that still have theirs; pictures come on top.'),
        cut_bytes: z.number().describe('Files of cuts, until they have been kept long enough.'),
        proxy_bytes: z.number().describe('Copies that every browser plays.'),
        retention: z.object({ source: z.enum(['tenant', 'configuration']), content_days: z.number().nullable(), video_days: z.number().nullable() }),
        freed_bytes: z.object({ now: z.number(), in_seven_days: z.number() }).describe('What the retention removes at its next look, and within seven days, unless somebody works on it.'),
      }),
    ),
  })
  .meta({ id: 'Storage' });

@ApiTags('operation')
@RequireScope('admin')
@Controller('v1/storage')
export class StorageController {
  constructor(private readonly use: StorageUse) {}

  @Get()
  @ApiOperation({ summary: 'Show what is stored by tenant, and what its retention would free' })
  @ApiOkResponse({ standardSchema: storageResource })
  async show(): Promise<z.infer<typeof storageResource>> {
    const [disk, tenants] = await Promise.all([this.use.disk(), this.use.tenants()]);
    return {
      object: 'storage',
      disk: { size_bytes: disk.sizeBytes, free_bytes: disk.freeBytes, reserve_bytes: disk.reserveBytes },
      tenants: tenants.map(presentUse),
    };
  }
}

const presentUse = ({ tenantId, videos, bytes, cutBytes, proxyBytes, contentDays, videoDays, ownRule, freedNow, freedInWeek }: TenantUse) => ({
  tenant_id: tenantId,
  videos,
  bytes,
  cut_bytes: cutBytes,
  proxy_bytes: proxyBytes,
  retention: { source: ownRule ? ('tenant' as const) : ('configuration' as const), content_days: contentDays, video_days: videoDays },
  freed_bytes: { now: freedNow, in_seven_days: freedInWeek },
});
