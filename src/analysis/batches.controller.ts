// /v1/analyze/batches: ask for many analyses at once.
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AddsWork, type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { pageQuery, type PageQuery } from '../platform/http/cursor.js';
import { type BatchBody, batchId, batchPage, batchRequest, batchResource, documentedBatchRequest, presentBatch } from './batch.schema.js';
import { BatchesService } from './batches.service.js';

@ApiTags('analysis')
@Controller('v1/analyze/batches')
export class BatchesController {
  constructor(private readonly batches: BatchesService) {}

  @RequireScope('videos:write')
  @AddsWork('task')
  @Post()
  @ApiOperation({
    summary: 'Analyse many videos',
    description: '1 to 1000 items, each like a task. A faulty item is listed in `failed_items` with its code and does not keep the others from being done.',
  })
  @ApiBody({ standardSchema: documentedBatchRequest } as never)
  @ApiCreatedResponse({ standardSchema: batchResource })
  async create(@CurrentCaller() { tenantId }: Caller, @Body({ schema: batchRequest }) body: BatchBody) {
    return presentBatch(await this.batches.create(tenantId, body));
  }

  @RequireScope('videos:read')
  @Get()
  @ApiOperation({ summary: 'List batches, newest first' })
  @ApiOkResponse({ standardSchema: batchPage })
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery }) query: PageQuery) {
    const page = await this.batches.list(tenantId, query);
    return { ...page, data: page.data.map(presentBatch) };
  }

  @RequireScope('videos:read')
  @Get(':id')
  @ApiOperation({ summary: 'Show a batch with its tasks counted by state' })
  @ApiOkResponse({ standardSchema: batchResource })
  async show(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: batchId }) id: string) {
    return presentBatch(await this.batches.get(tenantId, id));
  }

  @RequireScope('videos:write')
  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel a batch', description: 'Tasks that have not ended end now; what was already found stays readable.' })
  @ApiOkResponse({ standardSchema: batchResource })
  async cancel(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: batchId }) id: string) {
    return presentBatch(await this.batches.cancel(tenantId, id));
  }
}
