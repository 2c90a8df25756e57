// /v1/videos/{id}/scan, curves and sprites: what is known of a video without a model.
import { Controller, Get, Header, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { STORAGE, type Storage } from '../platform/storage/storage.js';
import { videoId, VideosService } from '../videos/index.js';
import { curvesOf } from './curves.js';
import { curvesQuery, curvesResource, presentScan, scanResource, spriteName } from './scan.schema.js';
import { ScansService } from './scans.service.js';
import { spritesVtt } from './sprites-vtt.js';

@ApiTags('videos')
@RequireScope('videos:read')
@Controller('v1/videos/:id')
export class ScansController {
  constructor(
    private readonly scans: ScansService,
    private readonly videos: VideosService,
    @Inject(STORAGE) private readonly storage: Storage,
  ) {}

  @Get('scan')
  @ApiOperation({ summary: 'Show the scan of a video', description: 'Every video is scanned once, as soon as it is accepted.' })
  @ApiOkResponse({ standardSchema: scanResource })
  async show(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: videoId }) id: string) {
    const video = await this.videos.get(id, tenantId);
    return presentScan(video.id, await this.scans.find(video.id));
  }

  @Get('curves')
  @ApiOperation({ summary: 'Show what was measured each second', description: 'Null where nothing was measured, or not yet.' })
  @ApiOkResponse({ standardSchema: curvesResource })
  async curves(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: videoId }) id: string, @Query({ schema: curvesQuery }) query: z.infer<typeof curvesQuery>) {
    const video = await this.videos.get(id, tenantId);
    const end = Math.min(query.end_time ?? video.duration, video.duration);
    const start = Math.floor(query.start_time);
    return curvesOf(await this.scans.measured(video.id, start, end), start, end);
  }

  @Get('sprites.vtt')
  @Header('content-type', 'text/vtt; charset=utf-8')
  @ApiOperation({ summary: 'Index of the thumbnails', description: 'WebVTT whose cues name parts of the sprite sheets, for previews in players.' })
  @ApiOkResponse({ content: { 'text/vtt': { schema: { type: 'string' } } } })
  async sprites(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: videoId }) id: string): Promise<string> {
    const video = await this.videos.get(id, tenantId);
    return spritesVtt(await this.scans.sheets(video.id));
  }

  @Get('sprites/:sheet')
  @ApiOperation({ summary: 'A sheet of thumbnails', description: 'JPEG; sprites.vtt tells which second is where.' })
  @ApiOkResponse({ content: { 'image/jpeg': { schema: { type: 'string', format: 'binary' } } } })
  async sheet(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', { schema: videoId }) id: string,
    @Param('sheet', { schema: spriteName }) sheet: number,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const video = await this.videos.get(id, tenantId);
    const key = await this.scans.spriteKey(video.id, sheet);
    response.set({ 'content-type': 'image/jpeg', etag: `"${key}"`, 'cache-control': 'private, max-age=31536000, immutable' });
    if (request.fresh) return void response.status(304).end();
    const file = await this.storage.open(key).catch((cause: unknown) => {
      throw isGone(cause) ? contentMissing(video.id, sheet, cause) : cause;
    });
    await pipeline(file, response).catch((error: unknown) => {
      if (!response.destroyed) throw error; // the client left
    });
  }
}

const isGone = (error: unknown): boolean => error instanceof AppError && error.code === 'storage.not_found';

const contentMissing = (videoId: string, sheet: number, cause: unknown): AppError =>
  new AppError('sprite.content_missing', `The bytes of sprite sheet ${sheet} of video ${videoId} are no longer stored; upload the video again.`, { cause });
