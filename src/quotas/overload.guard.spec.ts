// Which searches count: those whose caller is still there.
import { type ExecutionContext } from '@nestjs/common';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { loadConfig } from '../platform/config/config.js';
import { OverloadGuard } from './overload.guard.js';

const responseOf = (): ServerResponse => new ServerResponse(new IncomingMessage(new Socket()));

it('a search whose caller had gone before it was counted takes no place for ever, and one that runs does until it ends', async () => {
  const guard = new OverloadGuard({ getAllAndOverride: () => 'search' } as never, undefined as never, { ...loadConfig({}), OVERLOAD_SEARCHES: 1 });
  const ask = (response: ServerResponse) => guard.canActivate({ getHandler: () => undefined, getClass: () => undefined, switchToHttp: () => ({ getRequest: () => ({}), getResponse: () => response }) } as unknown as ExecutionContext);
  const gone = responseOf();
  gone.destroy();
  expect(await ask(gone)).toBe(true);
  const running = responseOf();
  expect(await ask(running)).toBe(true);
  await expect(ask(responseOf())).rejects.toMatchObject({ code: 'overload.searches_running' });
  running.emit('close');
  expect(await ask(responseOf())).toBe(true);
});
