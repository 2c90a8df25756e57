// POST /v1/videos: a video in one request, or where it is to be fetched from.
import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { AddsWork, type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { receiveOneFile } from '../platform/http/multipart-upload.js';
import { acceptedResource, presentVideo, VideosService } from '../videos/index.js';
import { importBody, presentUpload, uploadResource } from './upload.schema.js';
import { UploadsService } from './uploads.service.js';

/** A form is read as it arrives: its body is not there yet. */
const newVideoBody = importBody.optional();

@ApiTags('videos')
@Controller('v1/videos')
export class NewVideosController {
  constructor(
    private readonly videos: VideosService,
    private readonly uploads: UploadsService,
  ) {}

  @RequireScope('videos:write')
  @AddsWork('video')
  @Post()
  @ApiOperation({
    summary: 'Bring in a video',
    description: 'One file as a form, streamed to storage and probed before it is accepted; or JSON with the URL of one, or with its key in a bucket that IMPORT_BUCKETS allows, which a worker fetches. The same bytes are stored once.',
  })
  @ApiConsumes('multipart/form-data', 'application/json')
  @ApiBody({
    schema: {
      oneOf: [
        { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
        { $ref: '#/components/schemas/VideoByUrl' },
        { $ref: '#/components/schemas/VideoFromBucket' },
      ],
    },
  })
  @ApiCreatedResponse({ standardSchema: acceptedResource })
  @ApiOkResponse({ standardSchema: acceptedResource, description: 'The same bytes were a video already.' })
  @ApiAcceptedResponse({ standardSchema: uploadResource, description: 'The video is being fetched.' })
  async create(
    @CurrentCaller() { tenantId }: Caller,
    @Body({ schema: newVideoBody }) body: z.infer<typeof newVideoBody>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    if (body !== undefined) {
      response.status(202);
      return presentUpload(await this.uploads.importFrom(tenantId, body), 0);
    }
    await this.videos.requireRoom(Number(request.headers['content-length'] ?? 0));
    const { received, name } = await receiveOneFile(request, {
      receive: (file) => this.videos.receive(file),
      discard: (object) => this.videos.discard(object),
    });
    const { video, duplicate } = await this.videos.accept(received, { tenantId, name });
    response.status(duplicate ? 200 : 201);
    return { ...presentVideo(video), duplicate };
  }
}
