// /v1/cuts: clips of any videos, rendered to MP4 by a worker.
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { contentDisposition, exportFileName } from '../exports/index.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { pageQuery, type PageQuery } from '../platform/http/cursor.js';
import { sendObject } from '../platform/http/send-object.js';
import { STORAGE, type Storage } from '../platform/storage/storage.js';
import { contentQuery, type ContentQuery, type CutBody, cutBody, cutId, cutPage, cutResource, presentCut, type WholeCut } from './cut.schema.js';
import { CutsService } from './cuts.service.js';

@ApiTags('clips')
@Controller('v1/cuts')
export class CutsController {
  constructor(
    private readonly cuts: CutsService,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @RequireScope('videos:write')
  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Cut clips to MP4', description: 'Every frame of each clip once, at the time that it has in its video, with its sound; a worker renders it.' })
  @ApiBody({ standardSchema: cutBody } as never)
  @ApiAcceptedResponse({ standardSchema: cutResource })
  async create(@CurrentCaller() { tenantId }: Caller, @Body({ schema: cutBody }) body: CutBody, @Res({ passthrough: true }) response: Response) {
    const made = await this.cuts.create(tenantId, body);
    response.location(`/v1/cuts/${made.cut.id}`);
    return this.present(made);
  }

  @RequireScope('videos:read')
  @Get()
  @ApiOperation({ summary: 'List cuts, newest first' })
  @ApiOkResponse({ standardSchema: cutPage })
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery }) query: PageQuery) {
    const page = await this.cuts.list(tenantId, query);
    return { ...page, data: page.data.map((cut) => this.present(cut)) };
  }

  @RequireScope('videos:read')
  @Get(':id')
  @ApiOperation({ summary: 'Show a cut', description: 'How far it is, its files when it is ready, or why it has none.' })
  @ApiOkResponse({ standardSchema: cutResource })
  async show(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: cutId }) id: string) {
    return this.present(await this.cuts.get(id, tenantId));
  }

  @RequireScope('videos:read')
  @Get(':id/content')
  @ApiOperation({ summary: 'Download a file of a cut', description: 'Byte ranges are supported.' })
  @ApiOkResponse({ content: { 'video/mp4': { schema: { type: 'string', format: 'binary' } } } })
  async content(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: cutId }) id: string, @Query({ schema: contentQuery }) query: ContentQuery, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { cut, file, of } = await this.cuts.file(id, tenantId, query.file);
    const number = of === 1 ? '' : ` ${String(query.file).padStart(String(of).length, '0')}`;
    response.type('video/mp4').set('content-disposition', contentDisposition('attachment', exportFileName(`${cut.name}${number}.mp4`, 'mp4')));
    await sendObject({ request, response }, this.storage, { key: file.storageKey, bytes: Number(file.bytes) });
  }

  @RequireScope('videos:write')
  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel a cut' })
  @ApiOkResponse({ standardSchema: cutResource })
  async cancel(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: cutId }) id: string) {
    return this.present(await this.cuts.cancel(id, tenantId));
  }

  @RequireScope('videos:write')
  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a cut with its files' })
  @ApiNoContentResponse()
  async delete(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: cutId }) id: string): Promise<void> {
    await this.cuts.delete(id, tenantId);
  }

  private present(cut: WholeCut) {
    return presentCut(cut, this.config.CUT_KEEP_HOURS);
  }
}
