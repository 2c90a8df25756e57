// /v1/search: one question, or one picture, over all videos.
import { Controller, HttpCode, type OnModuleDestroy, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { AddsWork, type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { validationPipe } from '../platform/http/validation.pipe.js';
import { readSearchForm } from './search-form.js';
import { decodeBase64 } from './search-image.js';
import { type SearchBody, searchRequest, searchResource, type SearchResource } from './search.schema.js';
import { SearchService } from './search.service.js';

@ApiTags('search')
@Controller('v1/search')
export class SearchController implements OnModuleDestroy {
  private stop = (): void => undefined;
  private readonly stopping = new Promise<void>((resolve) => (this.stop = resolve));

  constructor(private readonly search: SearchService) {}

  @RequireScope('videos:read')
  @AddsWork('search')
  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Search all videos',
    description:
      'By words (full text, likeness of words, and meaning where an embedder is configured) or by a picture (by meaning with a CLIP pair, else ' +
      'by look: the same shot, advertisement or intro again). The current segments of every video are searched. With `ground` the question is ' +
      'also put to the model over the best videos. A picture may come as the file `image` of a multipart form; `filter` is a JSON field then.',
  })
  @ApiConsumes('application/json', 'multipart/form-data')
  @ApiBody({ standardSchema: searchRequest } as never)
  @ApiOkResponse({ standardSchema: searchResource })
  async find(@CurrentCaller() { tenantId }: Caller, @Req() request: Request): Promise<SearchResource> {
    const { body, image } = request.is('multipart/form-data') ? await this.readForm(request) : await this.readJson(request.body);
    return this.search.search(tenantId, body, image, this.stopping);
  }

  /** Whoever waits for the model gets what there is when the process ends. */
  onModuleDestroy(): void {
    this.stop();
  }

  private async readJson(json: unknown): Promise<{ body: SearchBody; image: Uint8Array | undefined }> {
    const body = await checked(json ?? {});
    return { body, image: body.image === undefined ? undefined : decodeBase64(body.image) };
  }

  private async readForm(request: Request): Promise<{ body: SearchBody; image: Uint8Array | undefined }> {
    const { body, image } = await readSearchForm(request);
    const given = await checked(image && !body['image'] ? { ...body, image: 'file' } : body);
    return { body: given, image: image ?? (given.image === undefined ? undefined : decodeBase64(given.image)) };
  }
}

const checked = async (body: unknown): Promise<SearchBody> => (await validationPipe.transform(body, { type: 'body', schema: searchRequest })) as SearchBody;
