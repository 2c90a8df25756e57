// /v1/clips/export: a list of clips of any videos as a file for players, spreadsheets and editing programs.
import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { sendExport } from '../exports/index.js';
import { type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { VideosService } from '../videos/index.js';
import { type ClipListBody, clipListRequest, clipListResource } from './clip.schema.js';
import { placeClips } from './place-clips.js';
import { reelRecords, reelSource } from './reel.js';

@ApiTags('clips')
@RequireScope('videos:read')
@Controller('v1/clips')
export class ClipsController {
  constructor(private readonly videos: VideosService) {}

  @Post('export')
  @HttpCode(200)
  @ApiOperation({ summary: 'Export a clip list', description: 'Clips of several videos, in the order in which they are to be seen.' })
  @ApiBody({ standardSchema: clipListRequest } as never)
  @ApiOkResponse({ standardSchema: clipListResource, description: 'The list, or a file of it.' })
  async export(
    @CurrentCaller() { tenantId }: Caller,
    @Body({ schema: clipListRequest }) { clips, format, rate, name }: ClipListBody,
    @Res() response: Response,
  ): Promise<void> {
    const placed = await placeClips(this.videos, tenantId, clips);
    const sources = [...new Set(placed.map(({ video }) => video))];
    const records = reelRecords(placed, format);
    if (format === 'json') response.json({ name, clips: records.map(({ resource }) => resource) });
    else await sendExport(response, { source: reelSource(placed, name), sources, format, query: { rate, cut: 'true' }, records });
  }
}
