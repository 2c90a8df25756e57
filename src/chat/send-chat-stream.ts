// Sends an answer as server-sent events; what fails before its first piece is an ordinary error.
import type { Response } from 'express';
import { AppError } from '../app-error.js';
import { markBroken } from '../platform/http/broken-answers.js';
import { log } from '../platform/log/log.js';
import { type AnswerPiece, type ChatAnswer, type ChatCompletion } from './chat-completion.entity.js';
import { ChatStream } from './chat-stream.js';
import { openAiError } from './openai-error.js';

export async function sendChatStream(response: Response, chat: ChatCompletion, pieces: AsyncGenerator<readonly AnswerPiece[], ChatAnswer>): Promise<void> {
  const stream = new ChatStream(chat);
  const send = (event: unknown): void => void response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
  let next = await pieces.next();
  response.status(200).set({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' });
  send(stream.begin());
  try {
    for (; !next.done; next = await pieces.next()) {
      const chunk = stream.push(next.value);
      if (chunk) send(chunk);
    }
    for (const chunk of stream.end(next.value)) send(chunk);
  } catch (error) {
    markBroken(response);
    send({ error: errorOf(error) });
  }
  send('[DONE]');
  response.end();
}

/** The status has gone out: only the code tells. */
function errorOf(error: unknown): object {
  if (error instanceof AppError) return openAiError({ status: 503, code: error.code, detail: error.message });
  log.error({ err: error }, 'a streamed answer broke off');
  return openAiError({ status: 500, code: 'server.internal', detail: 'Something went wrong on our side; the log has the details.' });
}
