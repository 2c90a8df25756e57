// Answers that are being given, by the key that asked: one that is revoked ends them, in whatever process they are.
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Response } from 'express';
import { NOTIFICATIONS, type Notifications } from '../platform/database/notifications.js';

/** Postgres channel that carries the id of each key that is revoked. */
export const REVOKED_CHANNEL = 'api_key_revoked';

@Injectable()
export class OpenAnswers implements OnModuleInit, OnModuleDestroy {
  private readonly open = new Map<string, Set<Response>>();
  private unsubscribe = (): void => undefined;

  constructor(@Inject(NOTIFICATIONS) private readonly notifications: Notifications) {}

  onModuleInit(): void {
    this.unsubscribe = this.notifications.subscribe(REVOKED_CHANNEL, (keyId) => this.open.get(keyId)?.forEach((response) => response.destroy()));
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  add(keyId: string, response: Response): void {
    const ofKey = this.open.get(keyId) ?? new Set();
    this.open.set(keyId, ofKey.add(response));
    response.once('close', () => {
      ofKey.delete(response);
      if (ofKey.size === 0 && this.open.get(keyId) === ofKey) this.open.delete(keyId);
    });
  }
}
