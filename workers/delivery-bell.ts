// Rings for endpoints as soon as something is due to them: when it is written, and when its next attempt is near.
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../src/platform/clock.js';
import { CONFIG, type Config } from '../src/platform/config/config.js';
import { NOTIFICATIONS, type Notifications } from '../src/platform/database/notifications.js';
import { QUEUE, type Queue } from '../src/platform/queue/queue.js';
import { DUE_CHANNEL } from '../src/webhooks/index.js';
import { deliverWebhooks } from '../src/webhooks/webhooks.job.js';

@Injectable()
export class DeliveryBell {
  private readonly timers = new Set<NodeJS.Timeout>();
  private unsubscribe = (): void => undefined;

  constructor(
    @Inject(NOTIFICATIONS) private readonly notifications: Notifications,
    @Inject(QUEUE) private readonly queue: Queue,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  start(): void {
    this.unsubscribe = this.notifications.subscribe(DUE_CHANNEL, (endpointId) => void this.queue.ring(deliverWebhooks, endpointId));
  }

  stop(): void {
    this.unsubscribe();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  /** What is due later than the next sweep is left to that. */
  ringAt(endpointId: string, due: Date): void {
    const wait = due.getTime() - this.clock().getTime();
    if (wait > this.config.SWEEP_SECONDS * 1000) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.queue.ring(deliverWebhooks, endpointId);
    }, Math.max(0, wait)).unref();
    this.timers.add(timer);
  }
}
