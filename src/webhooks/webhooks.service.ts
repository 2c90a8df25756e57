// Webhook endpoints as their owners see them: made, changed, given a new secret, tried out.
import { Inject, Injectable } from '@nestjs/common';
import { Any, DataSource, type EntityManager, IsNull, type Repository } from 'typeorm';
import { AppError } from '../app-error.js';
import { type AuditAction, note } from '../audit/index.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { newId } from '../platform/database/id.js';
import { newestFirst } from '../platform/database/newest-first.js';
import { type PageQuery } from '../platform/http/cursor.js';
import { GuardedFetch } from '../platform/http/guarded-fetch.js';
import { END_IF_DISABLED } from './delivery-state.js';
import { deliverTo } from './outbox.js';
import { SECRET_BOX, type SecretBox } from './secret-box.js';
import { newSecret } from './signature.js';
import { type SubjectWebhookBody, type WebhookBody, type WebhookChange } from './webhook.schema.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

/** Endpoints of a tenant, those of single tasks not counted. */
const MOST_ENDPOINTS = 50;

/** How long both secrets sign after a rotation. */
const ROTATION_MS = 24 * 3600 * 1000;

export interface WithSecret {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

@Injectable()
export class WebhooksService {
  private readonly endpoints: Repository<WebhookEndpoint>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly guarded: GuardedFetch,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SECRET_BOX) private readonly secrets: SecretBox,
  ) {
    this.endpoints = dataSource.getRepository(WebhookEndpoint);
  }

  /** Rejects with `address.refused`, `webhook.too_many` or `webhook.exists`. */
  async create(tenantId: string, { secret = newSecret(), ...body }: WebhookBody): Promise<WithSecret> {
    this.guarded.check(body.url);
    if ((await this.endpoints.countBy({ tenantId, subjectId: IsNull() })) >= MOST_ENDPOINTS) {
      throw new AppError('webhook.too_many', `There are ${MOST_ENDPOINTS} webhooks already; delete one.`);
    }
    await this.requireNew(tenantId, body);
    const id = newId();
    await this.dataSource.transaction(async (manager) => {
      await manager.insert(WebhookEndpoint, { id, tenantId, ...body, secret: this.secrets.seal(secret) });
      await noteOf(manager, 'webhook.created', { id, tenantId, url: body.url });
    });
    return { endpoint: await this.get(tenantId, id), secret };
  }

  /** Two of one address and the same events would tell everything twice. */
  private async requireNew(tenantId: string, { url, events }: Pick<WebhookBody, 'url' | 'events'>): Promise<void> {
    const known = await this.endpoints.findBy({ tenantId, url, enabled: true, subjectId: IsNull() });
    const twin = known.find((endpoint) => kindsOf(endpoint) === kindsOf({ events }));
    if (twin) throw new AppError('webhook.exists', `Webhook ${twin.id} is told of the same events at this address already; change or delete that one.`);
  }

  /** Throws `address.refused`. */
  check(url: string): void {
    this.guarded.check(url);
  }

  /** The id of an endpoint that is told of one task or batch alone, made in the transaction that stores that. Rejects with `address.refused`. */
  async bind(manager: EntityManager, tenantId: string, subjectId: string, { secret = newSecret(), ...body }: SubjectWebhookBody): Promise<string> {
    this.guarded.check(body.url);
    const id = newId();
    await manager.insert(WebhookEndpoint, { id, tenantId, subjectId, ...body, secret: this.secrets.seal(secret) });
    return id;
  }

  /** The endpoints that are bound to these tasks or batches, by the id of the latter. */
  async boundTo(subjectIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const bound = await this.endpoints.find({ select: { id: true, subjectId: true }, where: { subjectId: Any([...subjectIds]) } });
    return new Map(bound.flatMap(({ id, subjectId }) => (subjectId === null ? [] : [[subjectId, id] as const])));
  }

  /** Newest first. */
  list(tenantId: string, page: PageQuery) {
    return newestFirst(this.endpoints, { tenantId }, page);
  }

  /** Rejects with `webhook.not_found`. */
  async get(tenantId: string, id: string): Promise<WebhookEndpoint> {
    const endpoint = await this.endpoints.findOneBy({ id, tenantId });
    if (!endpoint) throw new AppError('webhook.not_found', `There is no webhook ${id}.`);
    return endpoint;
  }

  /** What a disabled endpoint has not been told ends as failed; one that is enabled begins anew. */
  async change(tenantId: string, id: string, { enabled, ...change }: WebhookChange): Promise<WebhookEndpoint> {
    if (change.url !== undefined) this.guarded.check(change.url);
    const known = await this.get(tenantId, id);
    const forgiven = { disabledReason: null, disabledAt: null, failingSince: null, pausedUntil: null };
    const disabled = known.enabled ? { disabledAt: this.clock() } : {};
    await this.dataSource.transaction(async (manager) => {
      const set = { ...change, ...(enabled !== undefined && { enabled, ...(enabled ? forgiven : disabled) }) } as Partial<WebhookEndpoint>;
      if (Object.keys(set).length > 0) await manager.update(WebhookEndpoint, { id, tenantId }, set);
      await manager.query(END_IF_DISABLED, [id, this.clock()]);
      await noteOf(manager, 'webhook.changed', { id, tenantId, url: change.url ?? known.url }, { fields: Object.keys({ ...change, ...(enabled !== undefined && { enabled }) }), ...(enabled !== undefined && { enabled }) });
    });
    return this.get(tenantId, id);
  }

  /** With all that was to be told and the log of it. Rejects with `webhook.not_found`. */
  async delete(tenantId: string, id: string): Promise<void> {
    const endpoint = await this.get(tenantId, id);
    await this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.delete(WebhookEndpoint, { id, tenantId });
      if (affected) await noteOf(manager, 'webhook.deleted', endpoint);
    });
  }

  /** The old secret signs beside the new one for a day. Rejects with `webhook.not_found` or `webhook.rotated_meanwhile`. */
  async rotate(tenantId: string, id: string, secret: string = newSecret()): Promise<WithSecret> {
    const { secret: previousSecret, url } = await this.get(tenantId, id);
    const previousSecretUntil = new Date(this.clock().getTime() + ROTATION_MS);
    const rotated = await this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.update(WebhookEndpoint, { id, tenantId, secret: previousSecret }, { secret: this.secrets.seal(secret), previousSecret, previousSecretUntil });
      if (affected) await noteOf(manager, 'webhook.secret_rotated', { id, tenantId, url });
      return affected !== 0;
    });
    const endpoint = await this.get(tenantId, id);
    if (!rotated) throw new AppError('webhook.rotated_meanwhile', `Webhook ${id} was given another secret at the same time; that one holds.`);
    return { endpoint, secret };
  }

  /** Sends a message of type `webhook.ping`, whatever the endpoint wants to hear; returns the id of the delivery. Rejects with `webhook.disabled`. */
  async ping(tenantId: string, id: string): Promise<string> {
    requireEnabled(await this.get(tenantId, id));
    const event = { type: 'webhook.ping', data: { webhook_id: id }, url: `/v1/webhooks/${id}`, of: { tenantId } } as const;
    const [deliveryId] = await this.dataSource.transaction((manager) => deliverTo(manager, [{ id, tenant_id: tenantId, enabled: true }], event));
    return deliveryId ?? '';
  }
}

/** Whatever their order. */
const kindsOf = ({ events }: Pick<WebhookEndpoint, 'events'>): string => JSON.stringify(events && [...new Set(events)].sort());

/** The host alone: paths and queries of receivers hold secrets. */
export function noteOf(manager: EntityManager, action: AuditAction, { id, tenantId, url }: Pick<WebhookEndpoint, 'id' | 'tenantId' | 'url'>, more: object = {}): Promise<void> {
  return note(manager, { action, subject: { type: 'webhook', id }, tenantId, details: { host: new URL(url).host, ...more } });
}

/** Throws `webhook.disabled`. */
export function requireEnabled({ id, enabled }: WebhookEndpoint): void {
  if (!enabled) throw new AppError('webhook.disabled', `Webhook ${id} is disabled; enable it first (PATCH with enabled: true).`);
}
