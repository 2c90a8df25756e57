// The board of BullMQ's queues: what rings, what is being answered; for looking, not for touching.
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Queue } from 'bullmq';
import type { RequestHandler } from 'express';

/** Answers what is below `basePath`, given paths without it. */
export function createBoard(queues: readonly Queue[], basePath: string): RequestHandler {
  const serverAdapter = new ExpressAdapter().setBasePath(basePath);
  const options = { readOnlyMode: true, allowRetries: false };
  const uiConfig = { boardTitle: 'secondsight queues', boardLogo: { path: '' } };
  createBullBoard({ queues: queues.map((queue) => new BullMQAdapter(queue, options)), serverAdapter, options: { uiConfig } });
  return serverAdapter.getRouter() as RequestHandler;
}
