// /v1/api-keys: make, list, change and revoke keys.
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../platform/http/access.js';
import { pageQuery, type PageQuery } from '../platform/http/cursor.js';
import { type KeyBody, type KeyChange, keyChange, keyId, keyPage, keyRequest, keyResource, newKeyResource, presentKey } from './api-key.schema.js';
import { ApiKeysService } from './api-keys.service.js';

@ApiTags('access')
@RequireScope('admin')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Post()
  @ApiOperation({ summary: 'Make a key', description: 'Its text is in this answer alone.' })
  @ApiBody({ standardSchema: keyRequest } as never)
  @ApiCreatedResponse({ standardSchema: newKeyResource })
  async create(@Body({ schema: keyRequest }) body: KeyBody) {
    const { key, text } = await this.keys.create(body);
    return { ...presentKey(key), key: text };
  }

  @Get()
  @ApiOperation({ summary: 'List the keys of all tenants, newest first' })
  @ApiOkResponse({ standardSchema: keyPage })
  async list(@Query({ schema: pageQuery }) query: PageQuery) {
    const page = await this.keys.list(query);
    return { ...page, data: page.data.map(presentKey) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a key' })
  @ApiOkResponse({ standardSchema: keyResource })
  async show(@Param('id', { schema: keyId }) id: string) {
    return presentKey(await this.keys.get(id));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Rename a key or change when it expires' })
  @ApiBody({ standardSchema: keyChange } as never)
  @ApiOkResponse({ standardSchema: keyResource })
  async change(@Param('id', { schema: keyId }) id: string, @Body({ schema: keyChange }) body: KeyChange) {
    return presentKey(await this.keys.change(id, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a key', description: 'It opens nothing from now on, in any process; it stays in the list.' })
  @ApiNoContentResponse()
  async revoke(@Param('id', { schema: keyId }) id: string): Promise<void> {
    await this.keys.revoke(id);
  }
}
