// /v1/uploads by the tus protocol 1.0: a video in pieces, gone on with wherever it broke off.
import { Controller, Delete, Head, Options, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Server } from '@tus/server';
import type { Request as ExpressRequest, Response as ExpressResponse } from 'express';
import { Readable } from 'node:stream';
import { AppError } from '../app-error.js';
import { newId } from '../platform/database/id.js';
import { AddsWork, type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { Checksum, CHECKSUM_ALGORITHMS } from './checksum.js';
import { asProblem } from './tus-problems.js';
import { TusStore } from './tus-store.js';
import { TusUploads } from './tus-uploads.js';
import { type Upload } from './upload.entity.js';
import { UploadLocks } from './upload-locks.js';
import { uploadId } from './upload.schema.js';

const PATH = '/v1/uploads';
const VERSION = '1.0.0';
const PIECE_TYPE = 'application/offset+octet-stream';

/** How long a request that another one waits for may go on writing what it has. */
const DRAIN_MS = 1000;

const versionHeader = ApiHeader({ name: 'Tus-Resumable', required: true, schema: { type: 'string', enum: [VERSION] } });
const videoHeaders = { 'X-Video-Id': { schema: { type: 'string' } }, 'X-Video-Duplicate': { schema: { type: 'boolean' } } };

@ApiTags('videos')
@Controller('v1/uploads')
export class TusController {
  private readonly locks = new UploadLocks();

  constructor(private readonly uploads: TusUploads) {}

  @RequireScope('videos:write')
  @AddsWork('video')
  @Post()
  @ApiOperation({ summary: 'Begin a resumable upload', description: 'tus 1.0; Upload-Metadata may hold a filename. Any client of that protocol will do.' })
  @ApiResponse({ status: 201, description: 'Location says where the pieces go.' })
  @versionHeader
  create(@CurrentCaller() caller: Caller, @Req() request: ExpressRequest, @Res() response: ExpressResponse): Promise<void> {
    return this.handle(caller, request, response);
  }

  @RequireScope('videos:write')
  @Head(':id')
  @ApiOperation({ summary: 'Ask how much of an upload has arrived' })
  @ApiResponse({ status: 200, description: 'Upload-Offset; X-Video-Id once it is a video.', headers: videoHeaders })
  @versionHeader
  async offset(@CurrentCaller() caller: Caller, @Req() request: ExpressRequest, @Res() response: ExpressResponse): Promise<void> {
    const id = idOf(request);
    if (id !== undefined) tellVideo(response, (await this.uploads.find(id, caller.tenantId)).upload);
    await this.handle(caller, request, response);
  }

  @RequireScope('videos:write')
  @Patch(':id')
  @ApiOperation({ summary: 'Send a piece of an upload', description: `Body: ${PIECE_TYPE}. The last piece is answered when the file is a video, or refused.` })
  @ApiConsumes(PIECE_TYPE)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiResponse({ status: 204, description: 'Upload-Offset; X-Video-Id after the last piece.', headers: videoHeaders })
  @versionHeader
  async piece(@CurrentCaller() caller: Caller, @Req() request: ExpressRequest, @Res() response: ExpressResponse): Promise<void> {
    if (request.headers['content-type'] !== PIECE_TYPE) throw new AppError('upload.wrong_type', `Send the piece as ${PIECE_TYPE}.`);
    await this.handle(caller, request, response);
  }

  @RequireScope('videos:write')
  @Delete(':id')
  @ApiOperation({ summary: 'End an upload and forget it', description: 'A video that it became stays.' })
  @ApiResponse({ status: 204 })
  @versionHeader
  async terminate(@CurrentCaller() caller: Caller, @Req() request: ExpressRequest, @Res() response: ExpressResponse): Promise<void> {
    await this.handle(caller, request, response);
  }

  @RequireScope('public')
  @Options(['', ':id'])
  @ApiOperation({ summary: 'Show what of the protocol is spoken' })
  @ApiResponse({ status: 204, description: 'Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm.' })
  async abilities(@CurrentCaller() caller: Caller, @Req() request: ExpressRequest, @Res() response: ExpressResponse): Promise<void> {
    response.set('tus-checksum-algorithm', CHECKSUM_ALGORITHMS.join(','));
    await this.handle(caller, request, response);
  }

  /** A server of its own for each request knows its caller; the locks are those of all. */
  private async handle({ tenantId }: Caller, request: ExpressRequest, response: ExpressResponse): Promise<void> {
    response.set({ 'tus-resumable': VERSION, 'cache-control': 'no-store' });
    const version = request.headers['tus-resumable'];
    if (request.method !== 'OPTIONS' && version !== VERSION) {
      response.set('tus-version', VERSION);
      throw new AppError('upload.wrong_version', `Send Tus-Resumable: ${VERSION}.`);
    }
    let failure: unknown;
    const server = new Server({
      path: PATH,
      datastore: new TusStore(this.uploads, tenantId, Checksum.of(header(request, 'upload-checksum'))),
      locker: this.locks,
      lockDrainTimeout: DRAIN_MS,
      relativeLocation: true,
      allowedOrigins: [],
      exposedHeaders: ['X-Video-Id', 'X-Video-Duplicate'],
      maxSize: this.uploads.maxBytes,
      namingFunction: () => newId(),
      getFileIdFromRequest: () => idOf(request),
      onUploadFinish: async (_request, { id }) => {
        tellVideo(response, await this.uploads.finish(id, tenantId));
        return {};
      },
      onResponseError: (_request, error) => {
        failure = error;
        return undefined;
      },
    });
    const answer = await server.handleWeb(asWebRequest(request, response));
    if (answer.status >= 400) {
      letFinish(request, response);
      throw asProblem(answer.status, failure ?? (await answer.text()));
    }
    answer.headers.forEach((value, name) => response.set(name, value));
    response.status(answer.status).end();
  }
}

/** Nobody reads the rest of the piece: let the client send it, so that it can read the answer, and go. */
function letFinish(request: ExpressRequest, response: ExpressResponse): void {
  if (request.complete) return;
  response.set('connection', 'close');
  request.removeAllListeners('data').resume();
}

function tellVideo(response: ExpressResponse, { videoId, duplicate }: Upload): void {
  if (videoId !== null) response.set({ 'x-video-id': videoId, 'x-video-duplicate': String(duplicate) });
}

/** Undefined for what cannot be the id of an upload, which is then not found. */
const idOf = ({ params }: ExpressRequest): string | undefined => uploadId.safeParse(params['id']).data;

const header = ({ headers }: ExpressRequest, name: string): string | undefined => [headers[name]].flat()[0];

/** The server is told of the connection too, so that it ends with it. */
function asWebRequest(request: ExpressRequest, response: ExpressResponse): Request {
  const bodiless = request.method === 'HEAD' || request.method === 'OPTIONS' || request.method === 'DELETE';
  const headers = Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  const body = bodiless ? null : Readable.toWeb(request);
  const web = new Request(`http://uploads${PATH}`, { method: request.method, headers, body, ...(body && { duplex: 'half' }) });
  return Object.assign(web, { runtime: { node: { req: request, res: response } } });
}
