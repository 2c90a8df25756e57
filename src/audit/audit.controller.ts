// /v1/audit: who changed what, when, and from where.
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { And, DataSource, type FindOptionsWhere, LessThan, MoreThanOrEqual } from 'typeorm';
import { newestFirst } from '../platform/database/newest-first.js';
import { RequireScope } from '../platform/http/access.js';
import { AuditEvent } from './audit-event.entity.js';
import { auditPage, auditQuery, type AuditQuery, presentEvent } from './audit.schema.js';

const EARLIEST = new Date(0);
const LATEST = new Date('9999-12-31T00:00:00Z');

@ApiTags('operation')
@RequireScope('admin')
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  @ApiOperation({ summary: 'List who changed what, newest first', description: 'Of every tenant, for AUDIT_DAYS: keys, webhooks, alerts, presets, retention, deleted videos, analyses begun and canceled.' })
  @ApiOkResponse({ standardSchema: auditPage })
  async list(@Query({ schema: auditQuery }) { limit, cursor, ...filter }: AuditQuery) {
    const page = await newestFirst(this.dataSource.getRepository(AuditEvent), whereOf(filter), { limit, cursor });
    return { ...page, data: page.data.map(presentEvent) };
  }
}

function whereOf({ action, key_id: keyId, subject_id: subjectId, tenant_id: tenantId, since, until }: Omit<AuditQuery, 'limit' | 'cursor'>): FindOptionsWhere<AuditEvent> {
  const createdAt = And(MoreThanOrEqual(since === undefined ? EARLIEST : new Date(since)), LessThan(until === undefined ? LATEST : new Date(until)));
  return { ...(action && { action }), ...(keyId && { keyId }), ...(subjectId && { subjectId }), ...(tenantId && { tenantId }), ...((since ?? until) !== undefined && { createdAt }) };
}
