// /v1/videos/{id}/feedback: what people say of answers.
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { videoId, VideosService } from '../videos/index.js';
import { type FeedbackBody, feedbackList, feedbackRequest, feedbackResource, presentFeedback } from './feedback.schema.js';
import { FeedbackService } from './feedback.service.js';

@ApiTags('moments')
@Controller('v1/videos/:id/feedback')
export class FeedbackController {
  constructor(
    private readonly feedback: FeedbackService,
    private readonly videos: VideosService,
  ) {}

  @RequireScope('videos:write')
  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Judge an answer', description: 'Right or wrong, and where the moment really is. One for each answer: the latest counts, and keeps the times of the one before where it gives none.' })
  @ApiBody({ standardSchema: feedbackRequest } as never)
  @ApiOkResponse({ standardSchema: feedbackResource })
  async give(@CurrentCaller() caller: Caller, @Param('id', { schema: videoId }) id: string, @Body({ schema: feedbackRequest }) body: FeedbackBody) {
    return presentFeedback(await this.feedback.give(caller, await this.videos.get(id, caller.tenantId), body));
  }

  @RequireScope('videos:read')
  @Get()
  @ApiOperation({ summary: 'List what was said of the answers about a video' })
  @ApiOkResponse({ standardSchema: feedbackList })
  async list(@CurrentCaller() caller: Caller, @Param('id', { schema: videoId }) id: string) {
    const video = await this.videos.get(id, caller.tenantId);
    return { data: (await this.feedback.list(caller, video.id)).map(presentFeedback) };
  }
}
