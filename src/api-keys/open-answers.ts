// Answers that are being given, by the key that asked: one that is revoked or expires ends them, in whatever process they are.
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Response } from 'express';
import { DataSource } from 'typeorm';
import { NOTIFICATIONS, type Notifications } from '../platform/database/notifications.js';
import { log } from '../platform/log/log.js';

/** Postgres channel that carries the id of each key that is revoked. */
export const REVOKED_CHANNEL = 'api_key_revoked';

/** How often the keys are looked at: nobody tells of one that expires, and what is told can be lost. */
const LOOK_MS = 60_000;

const ENDED = `
  SELECT asked.id FROM unnest($1::uuid[]) AS asked (id)
   WHERE NOT EXISTS (SELECT 1 FROM api_keys WHERE id = asked.id AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()))`;

@Injectable()
export class OpenAnswers implements OnModuleInit, OnModuleDestroy {
  private readonly open = new Map<string, Set<Response>>();
  private unsubscribe = (): void => undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(NOTIFICATIONS) private readonly notifications: Notifications,
    private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.notifications.subscribe(REVOKED_CHANNEL, (keyId) => this.end(keyId));
    const look = (): void => void this.look().catch((error: unknown) => log.warn({ err: error }, 'the keys of open answers could not be looked at'));
    this.timer = setInterval(look, LOOK_MS).unref();
  }

  onModuleDestroy(): void {
    this.unsubscribe();
    clearInterval(this.timer);
  }

  add(keyId: string, response: Response): void {
    const ofKey = this.open.get(keyId) ?? new Set();
    this.open.set(keyId, ofKey.add(response));
    response.once('close', () => {
      ofKey.delete(response);
      if (ofKey.size === 0 && this.open.get(keyId) === ofKey) this.open.delete(keyId);
    });
  }

  private end(keyId: string): void {
    this.open.get(keyId)?.forEach((response) => response.destroy());
  }

  private async look(): Promise<void> {
    if (this.open.size === 0) return;
    const ended = await this.dataSource.query<{ id: string }[]>(ENDED, [[...this.open.keys()]]);
    for (const { id } of ended) this.end(id);
  }
}
