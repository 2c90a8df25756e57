// /queues: the board of the queue, a page for operators.
import { Controller, Get, Inject, Next, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { RequireScope } from '../platform/http/access.js';
import { definedJobs, QUEUE, type Queue } from '../platform/queue/queue.js';

const BASE = '/queues';

/** As for other pages, except that this one says what its paths are relative to. */
const CONTENT_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

@ApiExcludeController()
@RequireScope('admin')
@Controller(BASE)
export class QueuesController {
  private readonly board: RequestHandler;

  constructor(@Inject(QUEUE) queue: Queue) {
    this.board = queue.board(definedJobs(), BASE);
  }

  @Get('{*path}')
  show(@Req() request: Request, @Res() response: Response, @Next() next: NextFunction): void {
    request.url = request.originalUrl.slice(BASE.length).replace(/^(?!\/)/, '/');
    request.baseUrl = BASE;
    response.set('content-security-policy', CONTENT_POLICY);
    void this.board(request, response, next);
  }
}
