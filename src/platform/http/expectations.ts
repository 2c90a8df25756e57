// What callers expect of the service before they send a body (`Expect`): to be told to go on, and nothing else.
import type { INestApplication } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Server } from 'node:http';
import { AppError } from '../../app-error.js';

/**
 * Who asks with 100-continue is told to go on when the body is read; `Expect` stands in the headers until then. Whoever is refused before is
 * not told; Node then closes the connection with the answer, as whatever comes on it next could be that body. Who expects anything else is
 * heard as well: left to itself, Node answers with an empty body before anybody hears of it.
 */
export function hearExpectations(app: INestApplication): void {
  const server = app.getHttpServer() as Server;
  server.on('checkExpectation', (request, response) => void server.emit('request', request, response));
  server.on('checkContinue', (request, response) => {
    const read = request._read.bind(request);
    request._read = (size) => {
      request._read = read;
      if (!response.headersSent) {
        delete request.headers.expect;
        response.writeContinue();
      }
      read(size);
    };
    server.emit('request', request, response);
  });
}

/** `request.expectation_failed` for anything but 100-continue. */
export function refuseExpectations({ headers: { expect } }: Request, _response: Response, next: NextFunction): void {
  if (expect === undefined || /^100-continue$/i.test(expect)) next();
  else next(new AppError('request.expectation_failed', 'Of what a request may expect only 100-continue is known; leave the header Expect out.'));
}
