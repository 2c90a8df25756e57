// Tests of the client against an API that misbehaves: a real server that answers by a script.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiClient, type TaskJson } from './api-client.js';
import { PIECE_BYTES } from './upload-in-pieces.js';

const task = (status: TaskJson['status'], progress = 0) => ({ id: 'T', status, progress, error: null }) as unknown as TaskJson;
const json = (value: unknown, status = 200) => (response: ServerResponse) => response.writeHead(status).end(JSON.stringify(value));
const stream = (...events: string[]) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(`${event}\n\n`);
  return response;
};
const event = (value: TaskJson): string => `event: task\ndata: ${JSON.stringify(value)}`;

type Answer = (response: ServerResponse) => unknown;

describe('ApiClient.follow', () => {
  let server: Server;
  afterEach(() => server.close());

  /** Answers the requests in the order in which they come; returns the port. */
  async function serve(answers: Answer[], port = 0): Promise<number> {
    server = createServer((_, response) => void (answers.shift() ?? json({ code: 'test.too_many_requests' }, 500))(response));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  it('goes on until the task has finished, whatever ends the stream', async () => {
    const port = await serve([
      (response) => stream(event(task('processing', 0.2)))(response).end(),
      json(task('processing', 0.3)),
      (response) => stream(event(task('processing', 0.4)), 'event: error\ndata: the database is away')(response).end(),
      json(task('processing', 0.5)),
      (response) => {
        stream(event(task('processing', 0.6)))(response);
        setTimeout(() => response.destroy(), 50);
      },
      json(task('ready', 1)),
    ]);
    const seen: number[] = [];
    const done = await new ApiClient(`http://127.0.0.1:${port}`).follow(task('queued'), ({ progress }) => seen.push(progress));
    expect(done.status).toBe('ready');
    expect(seen).toEqual([0.2, 0.4, 0.6]);
  });

  it('waits for an API that restarts', async () => {
    const port = await serve([
      (response) => {
        stream(event(task('processing', 0.2)))(response);
        setTimeout(() => {
          server.closeAllConnections();
          server.close(() => setTimeout(() => void serve([json(task('processing')), (r) => stream(event(task('ready')))(r).end(), json(task('ready', 1))], port), 700));
        }, 50);
      },
    ]);
    await expect(new ApiClient(`http://127.0.0.1:${port}`).follow(task('queued'))).resolves.toMatchObject({ status: 'ready' });
  });

  it('says that the task is gone, or that the API is', async () => {
    const port = await serve([(response) => stream()(response).end(), json({ code: 'task.not_found', detail: 'There is no task T.' }, 404)]);
    const client = new ApiClient(`http://127.0.0.1:${port}`, 0);
    await expect(client.follow(task('queued'))).rejects.toMatchObject({ code: 'task.not_found' });
    server.closeAllConnections();
    server.close();
    await expect(client.follow(task('queued'))).rejects.toMatchObject({ code: 'api.unreachable' });
  });
});

describe('ApiClient.upload', () => {
  it('tells of a file that is sent in pieces, too, that it was there before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'upload-'));
    vi.stubEnv('XDG_STATE_HOME', folder);
    const file = join(folder, 'long.mp4');
    writeFileSync(file, new Uint8Array(PIECE_BYTES + 1));
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        if (request.method === 'POST') response.writeHead(201, { location: '/v1/uploads/U' }).end();
        else if (request.method === 'PATCH') response.writeHead(204, { 'upload-offset': request.headers['upload-offset'] === '0' ? PIECE_BYTES : PIECE_BYTES + 1 }).end();
        else if (request.url === '/v1/uploads/U') json({ status: 'ready', received_bytes: PIECE_BYTES + 1, video_id: 'V', duplicate: true, error: null })(response);
        else json({ id: 'V' })(response);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = new ApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await expect(client.upload(file)).resolves.toEqual({ id: 'V', duplicate: true });
    server.close();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it.each(['/nowhere/clip.mp4', import.meta.dirname])('refuses %s, which is no file, before anything is sent', async (path) => {
    await expect(new ApiClient('http://127.0.0.1:9').upload(path)).rejects.toMatchObject({ code: 'file.not_found' });
  });
});
