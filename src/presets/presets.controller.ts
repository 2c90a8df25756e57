// /v1/presets: kinds of segments under a name, to be looked for again.
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { validationPipe } from '../platform/http/validation.pipe.js';
import { type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { pageQuery, type PageQuery } from '../platform/http/cursor.js';
import { type Preset } from './preset.entity.js';
import { etagOf, ifMatch, presentPreset, type PresetBody, presetChange, type PresetChange, presetId, presetPage, presetRequest, presetResource } from './preset.schema.js';
import { PresetsService } from './presets.service.js';

const IF_MATCH = { name: 'If-Match', required: false, description: 'The ETag of the preset as it was read: 412 where it was changed meanwhile. Without it the last change holds.' };

@ApiTags('analysis')
@Controller('v1/presets')
export class PresetsController {
  constructor(private readonly presets: PresetsService) {}

  @RequireScope('videos:write')
  @Post()
  @ApiOperation({ summary: 'Save a preset', description: 'Segment definitions under a name, which an analysis may ask for by the id (preset_id).' })
  @ApiBody({ standardSchema: presetRequest } as never)
  @ApiCreatedResponse({ standardSchema: presetResource })
  async create(@CurrentCaller() { tenantId }: Caller, @Body({ schema: presetRequest }) body: PresetBody, @Res({ passthrough: true }) response: Response) {
    return present(await this.presets.create(tenantId, body), response);
  }

  @RequireScope('videos:read')
  @Get()
  @ApiOperation({ summary: 'List presets, newest first' })
  @ApiOkResponse({ standardSchema: presetPage })
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery }) query: PageQuery) {
    const page = await this.presets.list(tenantId, query);
    return { ...page, data: page.data.map(presentPreset) };
  }

  @RequireScope('videos:read')
  @Get(':id')
  @ApiOperation({ summary: 'Show a preset' })
  @ApiOkResponse({ standardSchema: presetResource })
  async show(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: presetId }) id: string, @Res({ passthrough: true }) response: Response) {
    return present(await this.presets.get(tenantId, id), response);
  }

  @RequireScope('videos:write')
  @Patch(':id')
  @ApiHeader(IF_MATCH)
  @ApiOperation({ summary: 'Change a preset', description: 'What was analysed with it keeps the definitions that it had.' })
  @ApiBody({ standardSchema: presetChange } as never)
  @ApiOkResponse({ standardSchema: presetResource })
  async change(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: presetId }) id: string, @Body({ schema: presetChange }) body: PresetChange, @Headers('if-match') tag: string | undefined, @Res({ passthrough: true }) response: Response) {
    return present(await this.presets.change(tenantId, id, body, await versionOf(tag)), response);
  }

  @RequireScope('videos:write')
  @Delete(':id')
  @HttpCode(204)
  @ApiHeader(IF_MATCH)
  @ApiOperation({ summary: 'Delete a preset', description: 'What was analysed with it stays.' })
  @ApiNoContentResponse()
  async delete(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: presetId }) id: string, @Headers('if-match') tag: string | undefined): Promise<void> {
    await this.presets.delete(tenantId, id, await versionOf(tag));
  }
}

/** Rejects with `request.invalid` what is no ETag of ours. */
const versionOf = (tag: string | undefined) => validationPipe.transform(tag, { type: 'body', schema: ifMatch }) as Promise<number | undefined>;

function present(preset: Preset, response: Response) {
  response.set('etag', etagOf(preset));
  return presentPreset(preset);
}
