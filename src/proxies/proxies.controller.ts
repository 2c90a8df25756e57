// /v1/videos/{id}/proxy: a copy that browsers play, made when somebody asks.
import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { AppError } from '../app-error.js';
import { AddsWork, type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { sendObject } from '../platform/http/send-object.js';
import { STORAGE, type Storage } from '../platform/storage/storage.js';
import { videoId, VideosService } from '../videos/index.js';
import { presentProxy, proxyResource } from './proxy.schema.js';
import { ProxyState } from './proxy-state.js';

@ApiTags('videos')
@Controller('v1/videos/:id/proxy')
export class ProxiesController {
  constructor(
    private readonly videos: VideosService,
    private readonly state: ProxyState,
    @Inject(STORAGE) private readonly storage: Storage,
  ) {}

  @RequireScope('videos:write')
  @AddsWork('video')
  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask for a proxy', description: 'For sources that a browser cannot play. It is made once; asking again tells how far it is.' })
  @ApiAcceptedResponse({ standardSchema: proxyResource })
  async ask(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: videoId }) id: string) {
    const video = await this.videos.get(id, tenantId);
    this.videos.requireContent(video);
    return presentProxy(await this.state.ask(video), video);
  }

  @RequireScope('videos:read')
  @Get()
  @ApiOperation({ summary: 'Show how far a proxy is' })
  @ApiOkResponse({ standardSchema: proxyResource })
  async show(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: videoId }) id: string) {
    const video = await this.videos.get(id, tenantId);
    return presentProxy(await this.state.get(id), video);
  }

  @RequireScope('videos:read')
  @Get('content')
  @ApiOperation({ summary: 'Play a proxy', description: 'Byte ranges are supported.' })
  @ApiOkResponse({ content: { 'video/mp4': { schema: { type: 'string', format: 'binary' } } } })
  async content(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: videoId }) id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.videos.get(id, tenantId);
    const { status, storageKey, bytes } = await this.state.get(id);
    if (storageKey === null) throw new AppError('proxy.not_ready', `The proxy of video ${id} is ${status}.`);
    response.type('video/mp4');
    await sendObject({ request, response }, this.storage, { key: storageKey, bytes: Number(bytes) });
  }
}
