// Keys: made, listed, changed, revoked, and recognised.
import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { DataSource, type Repository } from 'typeorm';
import { AppError } from '../app-error.js';
import { note } from '../audit/index.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { newId } from '../platform/database/id.js';
import { newestFirst } from '../platform/database/newest-first.js';
import { DEFAULT_TENANT } from '../platform/http/access.js';
import { type PageQuery } from '../platform/http/cursor.js';
import { log } from '../platform/log/log.js';
import { ApiKey } from './api-key.entity.js';
import { type KeyBody, type KeyChange } from './api-key.schema.js';
import { keyInvalid } from './api-keys.errors.js';
import { KeyHasher } from './key-hash.js';
import { REVOKED_CHANNEL } from './open-answers.js';
import { idOf, keyText, prefixOf } from './key-text.js';

const USE_NOTED_MS = 60_000;

/** Advisory lock number; one process makes the first key. */
const FIRST_KEY_LOCK = 7_316_003;

/** A key as whoever asked for it sees it, once. */
export interface NewKey {
  readonly key: ApiKey;
  readonly text: string;
}

@Injectable()
export class ApiKeysService {
  private readonly keys: Repository<ApiKey>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly hasher: KeyHasher,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.keys = dataSource.getRepository(ApiKey);
  }

  async create({ name, tenant_id, scopes, expires_at }: KeyBody): Promise<NewKey> {
    const id = newId();
    const prefix = prefixOf(this.config.API_KEY_ENV, id);
    const text = keyText(prefix, randomBytes(32));
    const expiresAt = expires_at === null ? null : new Date(expires_at);
    await this.dataSource.transaction(async (manager) => {
      await manager.insert(ApiKey, { id, tenantId: tenant_id, name, scopes, prefix, hash: this.hasher.hash('key', text), expiresAt });
      await note(manager, { action: 'key.created', subject: { type: 'api_key', id }, tenantId: tenant_id, details: { name, scopes, expires_at } });
    });
    return { key: await this.get(id), text };
  }

  /** The key that opens a service to which nobody has one: undefined where somebody may manage keys already. */
  async createFirst(): Promise<string | undefined> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [FIRST_KEY_LOCK]);
      const [found] = await manager.query<{ there: boolean }[]>(
        `SELECT EXISTS (SELECT 1 FROM api_keys WHERE 'admin' = ANY (scopes) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())) AS there`,
      );
      if (found?.there) return undefined;
      return (await this.create({ name: 'first key', tenant_id: DEFAULT_TENANT, scopes: ['admin'], expires_at: null })).text;
    });
  }

  /** Newest first, of every tenant. */
  list(page: PageQuery) {
    return newestFirst(this.keys, {}, page);
  }

  /** Rejects with `key.not_found`. */
  async get(id: string): Promise<ApiKey> {
    const key = await this.keys.findOneBy({ id });
    if (!key) throw new AppError('key.not_found', `There is no key ${id}.`);
    return key;
  }

  /** Rejects with `key.not_found`. */
  async change(id: string, { name, expires_at }: KeyChange): Promise<ApiKey> {
    const key = await this.get(id);
    if (name !== undefined) key.name = name;
    if (expires_at !== undefined) key.expiresAt = expires_at === null ? null : new Date(expires_at);
    await this.dataSource.transaction(async (manager) => {
      await manager.update(ApiKey, { id }, { name: key.name, expiresAt: key.expiresAt });
      await note(manager, { action: 'key.changed', subject: { type: 'api_key', id }, tenantId: key.tenantId, details: { name: key.name, expires_at: key.expiresAt } });
    });
    return key;
  }

  /** It opens nothing from now on, and what it is being answered ends; it stays in the list. Rejects with `key.not_found`. */
  async revoke(id: string): Promise<void> {
    const { name, tenantId } = await this.get(id);
    await this.dataSource.transaction(async (manager) => {
      const [, revoked] = await manager.query<[unknown[], number]>('UPDATE api_keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL', [id]);
      if (revoked > 0) await note(manager, { action: 'key.revoked', subject: { type: 'api_key', id }, tenantId, details: { name } });
      await manager.query('SELECT pg_notify($1, $2)', [REVOKED_CHANNEL, id]);
    });
  }

  /** The key of a text. Rejects with `key.invalid`, and for whoever knows the secret with `key.revoked` or `key.expired`. */
  async recognise(text: string): Promise<ApiKey> {
    const id = idOf(text);
    const key = id === undefined ? null : await this.keys.findOneBy({ id });
    if (!key || !this.hasher.matches('key', text, key.hash)) throw keyInvalid();
    return this.used(key);
  }

  /** The key of a session. Rejects as `recognise` does. */
  async recogniseId(id: string): Promise<ApiKey> {
    const key = await this.keys.findOneBy({ id });
    if (!key) throw keyInvalid();
    return this.used(key);
  }

  private used(key: ApiKey): ApiKey {
    const now = new Date();
    if (key.revokedAt) throw new AppError('key.revoked', `Key ${key.prefix} was revoked.`);
    if (key.expiresAt && key.expiresAt <= now) throw new AppError('key.expired', `Key ${key.prefix} has expired.`);
    if (now.getTime() - (key.lastUsedAt?.getTime() ?? 0) >= USE_NOTED_MS) this.noteUse(key.id, now);
    return key;
  }

  /** Nobody waits for it: a request is not worth less because its time was not noted. */
  private noteUse(id: string, now: Date): void {
    this.keys.update({ id }, { lastUsedAt: now }).catch((error: unknown) => log.warn({ err: error, key: id }, 'the use of a key was not noted'));
  }
}
