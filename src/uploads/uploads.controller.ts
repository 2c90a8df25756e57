// /v1/uploads: how far the videos are that do not arrive in one request.
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { pageQuery, type PageQuery } from '../platform/http/cursor.js';
import { type Upload } from './upload.entity.js';
import { presentUpload, uploadId, uploadPage, uploadResource } from './upload.schema.js';
import { UploadsService } from './uploads.service.js';
import { UploadState } from './upload-state.js';

@ApiTags('videos')
@Controller('v1/uploads')
export class UploadsController {
  constructor(
    private readonly uploads: UploadsService,
    private readonly state: UploadState,
  ) {}

  @RequireScope('videos:read')
  @Get()
  @ApiOperation({ summary: 'List uploads, newest first' })
  @ApiOkResponse({ standardSchema: uploadPage })
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery }) query: PageQuery) {
    const page = await this.uploads.list(tenantId, query);
    return { ...page, data: await Promise.all(page.data.map((upload) => this.present(upload))) };
  }

  @RequireScope('videos:read')
  @Get(':id')
  @ApiOperation({ summary: 'Show an upload', description: 'How much has arrived, and the video that it became or why it did not.' })
  @ApiOkResponse({ standardSchema: uploadResource })
  async show(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: uploadId }) id: string) {
    return this.present(await this.uploads.get(id, tenantId));
  }

  @RequireScope('videos:write')
  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel an upload', description: 'What has arrived of it is removed.' })
  @ApiOkResponse({ standardSchema: uploadResource })
  async cancel(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: uploadId }) id: string) {
    return this.present(await this.uploads.cancel(id, tenantId));
  }

  private async present(upload: Upload) {
    return presentUpload(upload, await this.state.received(upload));
  }
}
