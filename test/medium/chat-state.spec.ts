// Conversations on a real Postgres: what is streamed while workers die, who may write, and what is kept for how long.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AnswerPiece, type ChatAnswer, type ChatCompletion } from '../../src/chat/chat-completion.entity.js';
import { ChatMedia } from '../../src/chat/chat-media.js';
import { ChatService } from '../../src/chat/chat.service.js';
import { ChatState, type ClaimedChat } from '../../src/chat/index.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/database/id.js';
import { createNotifications, type Notifications } from '../../src/platform/database/notifications.js';
import { createLocalStorage, type Storage } from '../../src/platform/storage/index.js';
import { orphanedObjects } from '../../src/videos/index.js';
import { startDatabase, type StartedDatabase } from './started-database.js';

const CONFIG = { ...loadConfig({}), LEASE_SECONDS: 60 };

let server: StartedDatabase;
let database: DataSource;
let notifications: Notifications;
let folder: string;
let storage: Storage;
let state: ChatState;
let service: ChatService;

beforeAll(async () => {
  server = await startDatabase();
  database = server.db;
  notifications = createNotifications(server.url);
  folder = await mkdtemp(join(tmpdir(), 'chat-'));
  storage = await createLocalStorage(folder);
  const media = new ChatMedia(undefined as never, undefined as never, storage, CONFIG);
  state = new ChatState(database, media, CONFIG);
  service = new ChatService(database, media, undefined as never, state, undefined as never, notifications, CONFIG);
});
afterAll(async () => {
  await notifications?.close();
  await server?.stop();
  await rm(folder, { recursive: true });
});

let chat: ChatCompletion;
beforeEach(async () => {
  chat = await stored();
});

async function stored({ media = [] as unknown[], deadline = 600 } = {}): Promise<ChatCompletion> {
  const id = newId();
  const request = { question: { messages: [], tools: [], media }, wishes: { stream: true } };
  await database.query(`INSERT INTO chat_completions (id, tenant_id, model, request, deadline) VALUES ($1, 'a', 'm', $2, now() + make_interval(secs => $3))`, [id, JSON.stringify(request), deadline]);
  return service.get('a', id);
}

const claim = async (owner: string): Promise<ClaimedChat> => (await state.claim(chat.id, owner, 'm'))!;
/** The first worker is gone for good. */
const expire = (): Promise<unknown> => database.query(`UPDATE chat_completions SET lease_until = now() - interval '1 second' WHERE id = $1`, [chat.id]);

const pieces = (words: string): AnswerPiece[] => [...words].map((text) => ({ text, token: { id: text.charCodeAt(0), text, bytes: [], logprob: 0, top: [] } }));
const answer = (words: string): ChatAnswer => ({ pieces: pieces(words), finishReason: 'stop', promptTokens: 1, promptHash: '', modelHash: '', media: [] });

/** Reads on in the background. */
function read(): { text: () => string; end: Promise<ChatAnswer>; gone: AbortController } {
  const gone = new AbortController();
  let text = '';
  const follow = async (): Promise<ChatAnswer> => {
    const stream = service.follow(chat, gone.signal);
    for (;;) {
      const { value, done } = await stream.next();
      if (done) return value;
      text += value.map((piece) => piece.text).join('');
    }
  };
  const end = follow();
  end.catch(() => undefined);
  return { text: () => text, end, gone };
}

describe('a stream', () => {
  it('goes on where it was when another worker writes the same again', async () => {
    const reader = read();
    const first = await claim('first');
    await state.write(first, 0, pieces('ab'));
    await state.write(first, 2, pieces('c'));
    await expect.poll(reader.text).toBe('abc');
    await expire();
    const second = await claim('second');
    await expect(state.write(first, 3, pieces('x'))).rejects.toMatchObject({ code: 'lease.lost' });
    await state.write(second, 0, pieces('abcd'));
    await expect.poll(reader.text).toBe('abcd');
    await expect(state.answer(first, answer('abcx'))).rejects.toMatchObject({ code: 'lease.lost' });
    await state.answer(second, answer('abcde'));
    expect((await reader.end).pieces).toHaveLength(5);
    expect(reader.text()).toBe('abcde');
    expect(await database.query('SELECT 1 FROM chat_pieces WHERE chat_completion_id = $1', [chat.id])).toEqual([]);
  });

  it('ends with an error when the second attempt writes something else', async () => {
    const reader = read();
    await state.write(await claim('first'), 0, pieces('abc'));
    await expect.poll(reader.text).toBe('abc');
    await expire();
    await state.answer(await claim('second'), answer('abx'));
    await expect(reader.end).rejects.toMatchObject({ code: 'chat.restarted' });
  });

  it('is canceled by whoever leaves it, and its worker cannot write any more', async () => {
    const reader = read();
    const claimed = await claim('first');
    await state.write(claimed, 0, pieces('a'));
    await expect.poll(reader.text).toBe('a');
    reader.gone.abort();
    await expect(reader.end).rejects.toThrow();
    expect(await service.get('a', chat.id)).toMatchObject({ status: 'canceled' });
    await expect(state.write(claimed, 1, pieces('b'))).rejects.toMatchObject({ code: 'lease.lost' });
  });

  it('tells what ended the answer', async () => {
    const reader = read();
    await state.fail(await claim('first'), { code: 'chat.too_long', message: 'too long' } as never);
    await expect(reader.end).rejects.toMatchObject({ code: 'chat.too_long', message: 'too long' });
  });
});

describe('a conversation', () => {
  it('is only taken by a worker with its model, within its time, and seen by its tenant alone', async () => {
    expect(await state.claim(chat.id, 'other', "m' OR true --")).toBeUndefined();
    await expect(service.get('b', chat.id)).rejects.toMatchObject({ code: 'chat.not_found' });
    const late = await stored({ deadline: -1 });
    expect(await state.claim(late.id, 'first', 'm')).toBeUndefined();
    await state.tidy();
    expect(await service.get('a', late.id)).toMatchObject({ status: 'failed', errorCode: 'chat.timeout' });
  });

  it('goes with what was sent along once it was kept for long enough', async () => {
    const { key, sha256 } = await storage.receive(Readable.from(['bytes']), { maxBytes: 10, tooLarge: () => new Error() as never });
    chat = await stored({ media: [{ kind: 'image', object: { key, sha256 } }] });
    await state.answer(await claim('first'), answer('a'));
    await state.tidy();
    expect((await service.get('a', chat.id)).status).toBe('ready');
    const { key: lost } = await storage.receive(Readable.from(['of nobody']), { maxBytes: 10, tooLarge: () => new Error() as never });
    const orphans: string[] = [];
    for await (const object of orphanedObjects(database, storage, new Date(Date.now() + 60_000))) orphans.push(object.key);
    expect(orphans).toEqual([lost]);
    await database.query(`UPDATE chat_completions SET finished_at = now() - interval '1 day' WHERE id = $1`, [chat.id]);
    await state.tidy();
    await expect(service.get('a', chat.id)).rejects.toMatchObject({ code: 'chat.not_found' });
    await expect(storage.open(key)).rejects.toMatchObject({ code: 'storage.not_found' });
  });
});
