// /v1/models: what may be named as the model of a chat completion.
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { RequireScope } from '../platform/http/access.js';
import { modelList, modelResource } from './chat-response.schema.js';
import { ServedModels } from './served-models.js';

const modelName = z.string().min(1).max(200).describe('Name of a model.');

@ApiTags('chat')
@Controller('v1/models')
@RequireScope('videos:read')
export class ModelsController {
  constructor(private readonly models: ServedModels) {}

  @Get()
  @ApiOperation({ summary: 'List the models that are served', description: "As OpenAI's clients expect it." })
  @ApiOkResponse({ standardSchema: modelList })
  async list() {
    return { object: 'list', data: await this.models.list() };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a model' })
  @ApiOkResponse({ standardSchema: modelResource })
  async show(@Param('id', { schema: modelName }) id: string) {
    return this.models.require(id);
  }
}
