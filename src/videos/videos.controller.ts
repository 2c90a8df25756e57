// /v1/videos: list, show, stream and delete videos.
import { Controller, Delete, Get, HttpCode, Param, Query, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { contentTypeOf } from './content-type.js';
import { type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { pageQuery, type PageQuery } from '../platform/http/cursor.js';
import { sendBytes } from '../platform/http/send-bytes.js';
import { presentVideo, videoId, videoPage, videoResource } from './video.schema.js';
import { VideoRemoval } from './video-removal.js';
import { VideosService } from './videos.service.js';
import { FrameTimes, type FramesQuery, framesQuery, framesResource } from './frame-times.js';
import { Thumbnails, thumbnailQuery, type ThumbnailQuery } from './thumbnails.js';

@ApiTags('videos')
@Controller('v1/videos')
export class VideosController {
  constructor(
    private readonly videos: VideosService,
    private readonly thumbnails: Thumbnails,
    private readonly frameTimes: FrameTimes,
    private readonly removal: VideoRemoval,
  ) {}

  @RequireScope('videos:read')
  @Get()
  @ApiOperation({ summary: 'List videos, newest first' })
  @ApiOkResponse({ standardSchema: videoPage })
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery }) query: PageQuery) {
    const page = await this.videos.list(tenantId, query);
    return { ...page, data: page.data.map(presentVideo) };
  }

  @RequireScope('videos:read')
  @Get(':id')
  @ApiOperation({ summary: 'Show a video' })
  @ApiOkResponse({ standardSchema: videoResource })
  async show(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: videoId }) id: string) {
    return presentVideo(await this.videos.get(id, tenantId));
  }

  @RequireScope('videos:read')
  @Get(':id/content')
  @ApiOperation({ summary: 'Stream the uploaded bytes', description: 'Byte ranges are supported.' })
  @ApiOkResponse({ content: { 'video/*': { schema: { type: 'string', format: 'binary' } } } })
  @ApiResponse({ status: 206, description: 'The range that was asked for.', content: { 'video/*': { schema: { type: 'string', format: 'binary' } } } })
  @ApiResponse({ status: 416, description: 'No byte lies in that range.' })
  async content(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: videoId }) id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const video = await this.videos.get(id, tenantId);
    response.type(contentTypeOf(video.container)).set('etag', `"${video.sha256}"`);
    await sendBytes({ request, response }, Number(video.bytes), (range) => this.videos.content(video, range));
  }

  @RequireScope('videos:read')
  @Get(':id/thumbnail')
  @ApiOperation({ summary: 'Show the picture that a viewer sees at a second', description: 'JPEG, as a player shows it.' })
  @ApiOkResponse({ content: { 'image/jpeg': { schema: { type: 'string', format: 'binary' } } } })
  async thumbnail(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', { schema: videoId }) id: string,
    @Query({ schema: thumbnailQuery }) query: ThumbnailQuery,
    @Res() response: Response,
  ): Promise<void> {
    const { jpeg, seconds } = await this.thumbnails.at(await this.videos.get(id, tenantId), query);
    response.set('x-frame-seconds', String(seconds)).type('image/jpeg').send(jpeg);
  }

  @RequireScope('videos:read')
  @Get(':id/frames')
  @ApiOperation({ summary: 'Show when the frames around a second are presented' })
  @ApiOkResponse({ standardSchema: framesResource })
  async frames(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: videoId }) id: string, @Query({ schema: framesQuery }) query: FramesQuery) {
    return this.frameTimes.around(await this.videos.get(id, tenantId), query);
  }

  @RequireScope('videos:write')
  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a video with its analyses, segments and answers' })
  @ApiNoContentResponse()
  async delete(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: videoId }) id: string): Promise<void> {
    await this.removal.delete(await this.videos.get(id, tenantId));
  }
}
