// The log of what an endpoint was told, and how to have it told again.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { cutPage, decodeCursor } from '../platform/http/cursor.js';
import { DUE_CHANNEL } from './outbox.js';
import { type AttemptRow, type DeliveryFilter, type DeliveryQuery, type DeliveryRow, type Redelivery } from './webhook.schema.js';
import { noteOf, requireEnabled, WebhooksService } from './webhooks.service.js';

const listKey = z.tuple([z.uuid()]);

const DELIVERIES = `
  SELECT delivery.id, endpoint_id, message_id, message.type, message.body, status, attempts, next_attempt_at, delivery.created_at, finished_at
    FROM webhook_deliveries delivery JOIN webhook_messages message ON message.id = delivery.message_id
   WHERE delivery.tenant_id = $1 AND delivery.endpoint_id = $2`;

/** The filter as parameters `$3` to `$6`. */
const FILTER = `($3::text IS NULL OR delivery.status = $3) AND ($4::text IS NULL OR message.type = $4)
  AND ($5::timestamptz IS NULL OR delivery.created_at > $5) AND ($6::timestamptz IS NULL OR delivery.created_at < $6)`;

const parametersOf = ({ status, type, created_after, created_before }: DeliveryFilter): unknown[] =>
  [status, type, created_after, created_before].map((value) => value ?? null);

/** A message that waits is sent anyway; another one gets a whole schedule of attempts. */
const SEND_AGAIN = `
  UPDATE webhook_deliveries delivery SET status = 'pending', round_began_at = attempts, next_attempt_at = now(), finished_at = NULL
    FROM webhook_messages message
   WHERE message.id = delivery.message_id AND delivery.tenant_id = $1 AND delivery.endpoint_id = $2 AND delivery.status <> 'pending'`;

@Injectable()
export class DeliveriesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly webhooks: WebhooksService,
  ) {}

  /** Newest first. Rejects with `webhook.not_found`. */
  async list(tenantId: string, endpointId: string, { limit, cursor, ...filter }: DeliveryQuery) {
    await this.webhooks.get(tenantId, endpointId);
    const after = decodeCursor(cursor, listKey);
    const sql = `${DELIVERIES} AND ${FILTER} AND ($7::uuid IS NULL OR delivery.id < $7) ORDER BY delivery.id DESC LIMIT $8`;
    const rows = await this.dataSource.query<DeliveryRow[]>(sql, [tenantId, endpointId, ...parametersOf(filter), after?.[0] ?? null, limit + 1]);
    return cutPage(rows, limit, ({ id }) => [id]);
  }

  /** With every attempt. Rejects with `webhook.delivery_not_found`. */
  async get(tenantId: string, endpointId: string, id: string): Promise<{ delivery: DeliveryRow; attempts: AttemptRow[] }> {
    const [delivery] = await this.dataSource.query<DeliveryRow[]>(`${DELIVERIES} AND delivery.id = $3`, [tenantId, endpointId, id]);
    if (!delivery) throw new AppError('webhook.delivery_not_found', `Webhook ${endpointId} has no delivery ${id}.`);
    const attempts = await this.dataSource.query<AttemptRow[]>(
      'SELECT number, began_at, duration_ms, status_code, error_code, response FROM webhook_attempts WHERE delivery_id = $1 ORDER BY number',
      [id],
    );
    return { delivery, attempts };
  }

  /** Rejects with `webhook.delivery_not_found` or `webhook.disabled`. */
  async sendAgain(tenantId: string, endpointId: string, id: string): Promise<void> {
    await this.get(tenantId, endpointId, id);
    await this.again(tenantId, endpointId, 'delivery.id = $3', [id]);
  }

  /** Returns how many. Rejects with `webhook.not_found` or `webhook.disabled`. */
  sendRangeAgain(tenantId: string, endpointId: string, { status, ...filter }: Redelivery): Promise<number> {
    return this.again(tenantId, endpointId, FILTER, parametersOf({ ...filter, ...(status !== 'any' && { status }) }));
  }

  private async again(tenantId: string, endpointId: string, where: string, parameters: unknown[]): Promise<number> {
    const endpoint = await this.webhooks.get(tenantId, endpointId);
    requireEnabled(endpoint);
    return this.dataSource.transaction(async (manager) => {
      const [, count] = await manager.query<[unknown[], number]>(`${SEND_AGAIN} AND ${where}`, [tenantId, endpointId, ...parameters]);
      await manager.query('SELECT pg_notify($1, $2)', [DUE_CHANNEL, endpointId]);
      if (count > 0) await noteOf(manager, 'webhook.sent_again', endpoint, { deliveries: count });
      return count;
    });
  }
}
