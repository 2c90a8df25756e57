// Standing alerts as their owners see them: made, changed, listed with what they found.
import { Injectable } from '@nestjs/common';
import { DataSource, type Repository } from 'typeorm';
import { AppError } from '../app-error.js';
import { note } from '../audit/index.js';
import { requirePlainText } from '../model/grounding/prompts.js';
import { newId } from '../platform/database/id.js';
import { newestFirst } from '../platform/database/newest-first.js';
import { type PageQuery } from '../platform/http/cursor.js';
import { Alert, AlertMatch } from './alert.entity.js';
import { type AlertBody, type AlertChange, type AskedVideos } from './alert.schema.js';

/** Of a tenant: each of them is a question to every new video. */
const MOST_ALERTS = 50;

const ASKED = `
  SELECT alert_id, count(*) FILTER (WHERE status = 'asked')::int AS asked, count(*) FILTER (WHERE status = 'answered')::int AS answered,
         count(*) FILTER (WHERE status = 'failed')::int AS failed
    FROM alert_questions WHERE alert_id = ANY ($1) GROUP BY alert_id`;

@Injectable()
export class AlertsService {
  private readonly alerts: Repository<Alert>;

  constructor(private readonly dataSource: DataSource) {
    this.alerts = dataSource.getRepository(Alert);
  }

  /** Rejects with `prompt.special_token` or `alert.too_many`. */
  async create(tenantId: string, { query, min_confidence: minConfidence, filter, enabled }: AlertBody): Promise<Alert> {
    requirePlainText(query);
    if ((await this.alerts.countBy({ tenantId })) >= MOST_ALERTS) throw new AppError('alert.too_many', `There are ${MOST_ALERTS} alerts already; delete one.`);
    const id = newId();
    await this.dataSource.transaction(async (manager) => {
      await manager.insert(Alert, { id, tenantId, query, minConfidence, filter: { videoName: filter.video_name }, enabled });
      await note(manager, { action: 'alert.created', subject: { type: 'alert', id }, tenantId, details: { query } });
    });
    return this.get(tenantId, id);
  }

  /** Newest first. */
  list(tenantId: string, page: PageQuery) {
    return newestFirst(this.alerts, { tenantId }, page);
  }

  /** Rejects with `alert.not_found`. */
  async get(tenantId: string, id: string): Promise<Alert> {
    const alert = await this.alerts.findOneBy({ id, tenantId });
    if (!alert) throw new AppError('alert.not_found', `There is no alert ${id}.`);
    return alert;
  }

  async change(tenantId: string, id: string, { min_confidence: minConfidence, filter, enabled }: AlertChange): Promise<Alert> {
    const known = await this.get(tenantId, id);
    const set = {
      minConfidence: minConfidence ?? known.minConfidence,
      enabled: enabled ?? known.enabled,
      filter: filter ? { videoName: filter.video_name } : known.filter,
    };
    await this.dataSource.transaction(async (manager) => {
      await manager.update(Alert, { id, tenantId }, set);
      await note(manager, { action: 'alert.changed', subject: { type: 'alert', id }, tenantId, details: { query: known.query, min_confidence: set.minConfidence, enabled: set.enabled } });
    });
    return this.get(tenantId, id);
  }

  /** With what it found. Rejects with `alert.not_found`. */
  async delete(tenantId: string, id: string): Promise<void> {
    const { query } = await this.get(tenantId, id);
    await this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.delete(Alert, { id, tenantId });
      if (affected) await note(manager, { action: 'alert.deleted', subject: { type: 'alert', id }, tenantId, details: { query } });
    });
  }

  /** Newest first. Rejects with `alert.not_found`. */
  async matches(tenantId: string, alertId: string, page: PageQuery) {
    await this.get(tenantId, alertId);
    return newestFirst(this.dataSource.getRepository(AlertMatch), { tenantId, alertId }, page);
  }

  /** How many videos each was put to. */
  async asked(alerts: readonly Alert[]): Promise<(alert: Alert) => AskedVideos> {
    const rows = await this.dataSource.query<(AskedVideos & { alert_id: string })[]>(ASKED, [alerts.map(({ id }) => id)]);
    const byAlert = new Map(rows.map(({ alert_id, ...counts }) => [alert_id, counts]));
    return ({ id }) => byAlert.get(id) ?? { asked: 0, answered: 0, failed: 0 };
  }
}
