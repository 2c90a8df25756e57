// Callers who ask before they send a body (`Expect: 100-continue`) are told to go on when it is wanted.
import type { INestApplication } from '@nestjs/common';
import type { Server } from 'node:http';

/**
 * `Expect` stands in the headers for as long as the body waits. Whoever is refused before the body is read is not told to go on; Node then
 * closes the connection with the answer, as whatever comes on it next could be that body.
 */
export function continueWhenRead(app: INestApplication): void {
  const server = app.getHttpServer() as Server;
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
