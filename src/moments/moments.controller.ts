// /v1/videos/{id}/moments: ask when something happens.
import { Body, Controller, Get, HttpCode, type OnModuleDestroy, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { chosenFormat, sendExport } from '../exports/index.js';
import { AddsWork, type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { videoId, VideosService } from '../videos/index.js';
import {
  type MomentBody,
  type MomentFileQuery,
  momentFileQuery,
  momentQueryId,
  momentRequest,
  momentsResource,
} from './moment.schema.js';
import { MomentsService } from './moments.service.js';
import { exportMoments, presentMoments } from './present-moments.js';

@ApiTags('moments')
@Controller('v1/videos/:id/moments')
export class MomentsController implements OnModuleDestroy {
  private stop = (): void => undefined;
  private readonly stopping = new Promise<void>((resolve) => (this.stop = resolve));

  constructor(
    private readonly moments: MomentsService,
    private readonly videos: VideosService,
  ) {}

  @RequireScope('videos:read')
  @AddsWork('question')
  @Post()
  @ApiOperation({
    summary: 'Ask when something happens',
    description:
      'Answers with moments, best first, or with "not_in_video" and the best of what was rejected. The windows of the current analysis are ' +
      'searched; while it is running, those that are done (see `searched_until`). After `wait` seconds it answers 202; read on under the id. ' +
      'Asked again, it is answered from what is stored for as long as nothing of the video changes; while it is open it is the same question.',
  })
  @ApiBody({ standardSchema: momentRequest } as never)
  @ApiOkResponse({ standardSchema: momentsResource })
  @ApiAcceptedResponse({ standardSchema: momentsResource })
  async ask(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', { schema: videoId }) id: string,
    @Body({ schema: momentRequest }) body: MomentBody,
    @Res({ passthrough: true }) response: Response,
  ) {
    const asked = await this.moments.ask(id, tenantId, body);
    if (!asked.cached) await Promise.race([this.moments.settle(asked.id, body.wait), this.stopping]);
    const { question, moments } = await this.moments.get(id, asked.id);
    response.status(question.finishedAt ? 200 : 202);
    return presentMoments(question, moments, asked);
  }

  @RequireScope('videos:read')
  @Post(':questionId/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel a question', description: 'It ends without an answer; whoever waits for it is told.' })
  @ApiOkResponse({ standardSchema: momentsResource })
  async cancel(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', { schema: videoId }) id: string,
    @Param('questionId', { schema: momentQueryId }) questionId: string,
  ) {
    const video = await this.videos.get(id, tenantId);
    return presentMoments(await this.moments.cancel(video.id, questionId), [], { cached: false });
  }

  /** Whoever waits for an answer gets 202 when the process ends. */
  onModuleDestroy(): void {
    this.stop();
  }

  @RequireScope('videos:read')
  @Get(':questionId')
  @ApiOperation({
    summary: 'Show a question with its answers',
    description: 'Ask for a file of the moments by `format` or by Accept; there they are in order of time.',
  })
  @ApiOkResponse({ standardSchema: momentsResource })
  async show(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', { schema: videoId }) id: string,
    @Param('questionId', { schema: momentQueryId }) questionId: string,
    @Query({ schema: momentFileQuery }) query: MomentFileQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const video = await this.videos.get(id, tenantId);
    const { question, moments } = await this.moments.get(video.id, questionId);
    const format = chosenFormat(query, request);
    if (format === 'json') response.json(presentMoments(question, moments, { cached: false, searched: query.searched }));
    else await sendExport(response, { source: video, format, query, records: exportMoments(question, moments) });
  }
}
