// Refuses callers who expect something of the service that it does not know (`Expect`), as any other request is refused.
import type { INestApplication } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Server } from 'node:http';
import { AppError } from '../../app-error.js';

/** Left to itself, Node answers them with an empty body before anybody hears of it. */
export function hearExpectations(app: INestApplication): void {
  const server = app.getHttpServer() as Server;
  server.on('checkExpectation', (request, response) => void server.emit('request', request, response));
}

/** `request.expectation_failed` for anything but 100-continue. */
export function refuseExpectations({ headers: { expect } }: Request, _response: Response, next: NextFunction): void {
  if (expect === undefined || /^100-continue$/i.test(expect)) next();
  else next(new AppError('request.expectation_failed', 'Of what a request may expect only 100-continue is known; leave the header Expect out.'));
}
