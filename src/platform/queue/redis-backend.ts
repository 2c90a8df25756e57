// The queue in Redis. What Redis forgets, the sweeper rings for again.
import { createRedisBackend, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import { type QueueBackend, unreachable, within } from './backend.js';

/** Ringing fails fast while Redis is away; workers wait for it. */
export async function openRedisBackend(url: string): Promise<QueueBackend> {
  const producer = new Redis(url, { lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  const consumer = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null });
  producer.on('error', () => undefined); // commands reject with it, and BullMQ's workers report it
  consumer.on('error', () => undefined);
  const close = (): Promise<void> => {
    producer.disconnect();
    consumer.disconnect();
    return Promise.resolve();
  };
  try {
    await within(5, Promise.all([producer.connect(), consumer.connect()]));
  } catch (cause) {
    await close();
    throw unreachable('Redis', cause);
  }
  return {
    name: 'Redis',
    bull: withBackend(createRedisBackend),
    producer,
    consumerOf: () => ({ connection: consumer, end: () => undefined }), // all share it
    check: async () => {
      await producer.ping();
    },
    close,
  };
}
