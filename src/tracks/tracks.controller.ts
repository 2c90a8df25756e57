// /v1/videos/{id}/tracks: captions, subtitles and chapters of a video.
import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { parseCaptions } from '../model/captions/parse-captions.js';
import { type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { receiveOneFile } from '../platform/http/multipart-upload.js';
import { videoId, VideosService } from '../videos/index.js';
import { presentTrack, trackId, trackList, trackQuery, trackResource } from './track.schema.js';
import { TracksService } from './tracks.service.js';

/** Captions of a day of talk are smaller. */
const MAX_BYTES = 16 * 1024 ** 2;

@ApiTags('videos')
@Controller('v1/videos/:id/tracks')
export class TracksController {
  constructor(
    private readonly tracks: TracksService,
    private readonly videos: VideosService,
  ) {}

  @RequireScope('videos:write')
  @Post()
  @ApiOperation({ summary: 'Add captions', description: 'A WebVTT or SRT file; its cues become searchable segments of type speech.' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } } })
  @ApiCreatedResponse({ standardSchema: trackResource })
  async add(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', { schema: videoId }) id: string,
    @Query({ schema: trackQuery }) query: z.infer<typeof trackQuery>,
    @Req() request: Request,
  ) {
    const video = await this.videos.get(id, tenantId);
    const { received, name } = await receiveOneFile(request, { receive: readText, discard: () => Promise.resolve() });
    const { captions: cues, broken } = parseCaptions(received);
    return presentTrack(await this.tracks.add(video, { kind: 'sidecar', name, language: query.language ?? null, cues, broken }));
  }

  @RequireScope('videos:read')
  @Get()
  @ApiOperation({ summary: 'List the tracks of a video' })
  @ApiOkResponse({ standardSchema: trackList })
  async list(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: videoId }) id: string) {
    const video = await this.videos.get(id, tenantId);
    return { data: (await this.tracks.list(video.id)).map(presentTrack) };
  }

  @RequireScope('videos:write')
  @Delete(':trackId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a track with its segments' })
  @ApiNoContentResponse()
  async remove(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', { schema: videoId }) id: string,
    @Param('trackId', { schema: trackId }) track: string,
  ): Promise<void> {
    const video = await this.videos.get(id, tenantId);
    await this.tracks.remove(video.id, track);
  }
}

async function readText(file: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of file as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new AppError('track.too_large', `Captions may have ${MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
