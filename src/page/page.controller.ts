// The page for people: its addresses, its scripts and styles, and the demo clip that it offers to an empty library.
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { RequireScope } from '../platform/http/access.js';
import { DEMO_FOLDER, KEPT_FOR_EVER, PAGE_FOLDER, sendFrom } from './page-files.js';

/** Every address that the page gives to a view of its own. */
const VIEWS = ['', 'videos/:id', 'videos/:id/compare', 'search', 'clips', 'define', 'operate', 'sign-in'];

const fileName = z.string().regex(/^[\w-][\w.-]*\.(?:js|css|svg|woff2|mp4)$/, 'must be the name of a file');

@ApiExcludeController()
@RequireScope('public')
@Controller()
export class PageController {
  @Get(VIEWS)
  async view(@Res() response: Response): Promise<void> {
    response.set('cache-control', 'no-cache');
    await sendFrom(PAGE_FOLDER, 'index.html', response);
  }

  /** Stored compressed beside the plain ones. */
  @Get('assets/:name')
  async asset(@Param('name', { schema: fileName }) name: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const zipped = /\.(?:js|css)$/.test(name) && request.acceptsEncodings('gzip') === 'gzip';
    response.set({ 'cache-control': KEPT_FOR_EVER, vary: 'accept-encoding' }).type(name);
    if (zipped) response.set('content-encoding', 'gzip');
    await sendFrom(PAGE_FOLDER, `assets/${name}${zipped ? '.gz' : ''}`, response);
  }

  @Get('demo/:name')
  async demo(@Param('name', { schema: fileName }) name: string, @Res() response: Response): Promise<void> {
    response.set('cache-control', 'no-cache');
    await sendFrom(DEMO_FOLDER, name, response);
  }
}
