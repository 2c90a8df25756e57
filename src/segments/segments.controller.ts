// /v1/videos/{id}/segments: the stored events of a video, as JSON pages or as a file.
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { videoId, VideosService } from '../videos/index.js';
import { type FileFormat, type FileWriter, fileWriters } from './segment-file.js';
import { presentSegment, segmentPage, segmentQuery, type SegmentQuery } from './segment.schema.js';
import { SegmentsService } from './segments.service.js';

const ACCEPTED: Readonly<Record<string, FileFormat>> = {
  'application/jsonl': 'jsonl',
  'application/x-ndjson': 'jsonl',
  'text/vtt': 'vtt',
  'application/x-subrip': 'srt',
  'text/csv': 'csv',
};

@ApiTags('segments')
@Controller('v1/videos/:id/segments')
export class SegmentsController {
  constructor(
    private readonly segments: SegmentsService,
    private readonly videos: VideosService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the segments of a video', description: 'Ask for a file by `format` or by Accept.' })
  @ApiOkResponse({ standardSchema: segmentPage })
  async list(
    @Param('id', { schema: videoId }) id: string,
    @Query({ schema: segmentQuery }) query: SegmentQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const video = await this.videos.get(id);
    const format = query.format ?? acceptedFormat(request);
    if (format !== 'json') return this.sendFile(video.id, { ...query, format }, format, response);
    const page = await this.segments.page(video.id, query);
    response.json({ ...page, data: page.data.map(presentSegment) });
  }

  private async sendFile(id: string, query: SegmentQuery, format: FileFormat, response: Response): Promise<void> {
    const writer = fileWriters[format];
    response.set('content-type', writer.contentType);
    response.set('content-disposition', `inline; filename="${id}.${format}"`);
    await pipeline(Readable.from(this.entries(id, query, writer)), response).catch((error: unknown) => {
      if (!clientLeft(error)) throw error;
    });
  }

  private async *entries(id: string, query: SegmentQuery, writer: FileWriter): AsyncGenerator<string> {
    yield writer.head;
    let number = 0;
    for await (const segment of this.segments.all(id, query)) yield writer.entry(presentSegment(segment), ++number);
  }
}

const clientLeft = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';

function acceptedFormat(request: Request): FileFormat | 'json' {
  const type = request.accepts(['application/json', ...Object.keys(ACCEPTED)]);
  return (type && ACCEPTED[type]) || 'json';
}
