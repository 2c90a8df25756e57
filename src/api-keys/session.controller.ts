// /v1/session: the page signs in with a key, asks who it is, signs out.
import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { type Caller, RequireScope, SCOPES } from '../platform/http/access.js';
import { ApiKeysService } from './api-keys.service.js';
import { keyMissing } from './api-keys.errors.js';
import { KeyHasher } from './key-hash.js';
import { SESSION_COOKIE, SESSION_MS, sessionCookie, sessionToken } from './session.js';

const signIn = z.strictObject({ key: z.string().max(200).describe('A key of the API.') });

const sessionResource = z
  .object({
    object: z.literal('session'),
    tenant_id: z.string(),
    key_id: z.uuid().nullable().describe('Null where no key is needed.'),
    scopes: z.array(z.enum(SCOPES)),
  })
  .meta({ id: 'Session' });

@ApiTags('access')
@RequireScope('public')
@Controller('v1/session')
export class SessionController {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly hasher: KeyHasher,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in with a key', description: 'Sets a cookie that stands for the key for twelve hours; scripts cannot read it.' })
  @ApiBody({ standardSchema: signIn } as never)
  @ApiOkResponse({ standardSchema: sessionResource })
  async open(@Body({ schema: signIn }) { key: text }: z.infer<typeof signIn>, @Req() request: Request, @Res({ passthrough: true }) response: Response) {
    const { id: keyId, tenantId, scopes } = await this.keys.recognise(text);
    response.cookie(SESSION_COOKIE, sessionToken(this.hasher, keyId, Date.now()), { ...sessionCookie(request), maxAge: SESSION_MS });
    return presentSession({ keyId, tenantId, scopes });
  }

  @Get()
  @ApiOperation({ summary: 'Show who calls and what they may do', description: '401 for whoever would be refused everywhere.' })
  @ApiOkResponse({ standardSchema: sessionResource })
  show(@Req() { caller, refusal }: Request) {
    if (refusal || !caller) throw refusal ?? keyMissing();
    return presentSession(caller);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Sign out' })
  @ApiNoContentResponse()
  close(@Req() request: Request, @Res({ passthrough: true }) response: Response): void {
    response.clearCookie(SESSION_COOKIE, sessionCookie(request));
  }
}

const presentSession = ({ tenantId, keyId, scopes }: Caller): z.infer<typeof sessionResource> => ({
  object: 'session',
  tenant_id: tenantId,
  key_id: keyId,
  scopes: [...scopes],
});
