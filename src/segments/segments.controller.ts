// /v1/videos/{id}/segments: the stored events of a video, as JSON pages or as a file.
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { chosenFormat, type ExportRecord, sendExport } from '../exports/index.js';
import { type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { videoId, VideosService } from '../videos/index.js';
import { type MarksQuery, marksQuery, marksResource, type OutlineQuery, outlineQuery, outlineResource } from './outline.schema.js';
import { Outlines } from './outlines.js';
import { exportSegment, segmentPage, segmentQuery, type SegmentQuery } from './segment.schema.js';
import { SegmentsService } from './segments.service.js';

@ApiTags('segments')
@Controller('v1/videos/:id/segments')
export class SegmentsController {
  constructor(
    private readonly segments: SegmentsService,
    private readonly outlines: Outlines,
    private readonly videos: VideosService,
  ) {}

  @RequireScope('videos:read')
  @Get()
  @ApiOperation({ summary: 'List the segments of a video', description: 'Ask for a file by `format` or by Accept; it holds every page.' })
  @ApiOkResponse({ standardSchema: segmentPage })
  async list(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', { schema: videoId }) id: string,
    @Query({ schema: segmentQuery }) query: SegmentQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const format = chosenFormat(query, request);
    if (format !== 'json') {
      const video = await this.videos.get(id, tenantId);
      return sendExport(response, { source: video, format, query, records: this.records(video.id, query) });
    }
    response.type('json').send(await this.segments.page(id, tenantId, query));
  }

  @RequireScope('videos:read')
  @Get('outline')
  @ApiOperation({ summary: 'Show how many segments there are, and where the pages of their list begin' })
  @ApiOkResponse({ standardSchema: outlineResource })
  async outline(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: videoId }) id: string, @Query({ schema: outlineQuery }) query: OutlineQuery) {
    const video = await this.videos.get(id, tenantId);
    return this.outlines.outline(video.id, query);
  }

  @RequireScope('videos:read')
  @Get('marks')
  @ApiOperation({ summary: 'Show the segments of a range as marks on a timeline', description: 'As many as can be told apart, however many there are.' })
  @ApiOkResponse({ standardSchema: marksResource })
  async marks(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: videoId }) id: string, @Query({ schema: marksQuery }) query: MarksQuery) {
    const video = await this.videos.get(id, tenantId);
    return this.outlines.marks(video.id, query);
  }

  private async *records(id: string, query: SegmentQuery): AsyncGenerator<ExportRecord> {
    for await (const segment of this.segments.all(id, query)) yield exportSegment(segment);
  }
}
