// /v1/tenants/{tenant}/retention: how long the videos of a tenant are kept.
import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../platform/http/access.js';
import { retentionBody, type RetentionBody, retentionResource, tenantId } from './retention.schema.js';
import { RetentionService } from './retention.service.js';

@ApiTags('operation')
@RequireScope('admin')
@Controller('v1/tenants/:tenant/retention')
export class RetentionController {
  constructor(private readonly retention: RetentionService) {}

  @Get()
  @ApiOperation({ summary: 'Show how long the videos of a tenant are kept' })
  @ApiOkResponse({ standardSchema: retentionResource })
  async show(@Param('tenant', { schema: tenantId }) tenant: string) {
    return { object: 'retention', tenant_id: tenant, ...(await this.retention.rule(tenant)) };
  }

  @Put()
  @ApiOperation({ summary: 'Give a tenant a rule of its own', description: 'It holds for the videos that are there, too, within the hour.' })
  @ApiBody({ standardSchema: retentionBody } as never)
  @ApiOkResponse({ standardSchema: retentionResource })
  async set(@Param('tenant', { schema: tenantId }) tenant: string, @Body({ schema: retentionBody }) body: RetentionBody) {
    await this.retention.setRule(tenant, body);
    return this.show(tenant);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove the rule of a tenant: the configuration holds again' })
  @ApiNoContentResponse()
  async remove(@Param('tenant', { schema: tenantId }) tenant: string): Promise<void> {
    await this.retention.removeRule(tenant);
  }
}
