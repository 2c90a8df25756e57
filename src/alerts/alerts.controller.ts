// /v1/alerts: questions that are put to every new video, and what they found.
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { pageQuery, type PageQuery } from '../platform/http/cursor.js';
import { type Alert } from './alert.entity.js';
import { type AlertBody, alertChange, type AlertChange, alertId, alertPage, alertRequest, alertResource, matchPage, presentAlert, presentMatch } from './alert.schema.js';
import { AlertsService } from './alerts.service.js';

@ApiTags('alerts')
@RequireScope('webhooks:manage')
@Controller('v1/alerts')
export class AlertsController {
  constructor(private readonly alerts: AlertsService) {}

  @Post()
  @ApiOperation({
    summary: 'Add a standing alert',
    description: 'Its query is put to every video that is analysed for the first time from now on; webhooks are told of each moment found (alert.matched).',
  })
  @ApiBody({ standardSchema: alertRequest } as never)
  @ApiCreatedResponse({ standardSchema: alertResource })
  async create(@CurrentCaller() { tenantId }: Caller, @Body({ schema: alertRequest }) body: AlertBody) {
    return this.present(await this.alerts.create(tenantId, body));
  }

  @Get()
  @ApiOperation({ summary: 'List alerts, newest first' })
  @ApiOkResponse({ standardSchema: alertPage })
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery }) query: PageQuery) {
    const page = await this.alerts.list(tenantId, query);
    const asked = await this.alerts.asked(page.data);
    return { ...page, data: page.data.map((alert) => presentAlert(alert, asked(alert))) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show an alert' })
  @ApiOkResponse({ standardSchema: alertResource })
  async show(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: alertId }) id: string) {
    return this.present(await this.alerts.get(tenantId, id));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change an alert', description: 'For videos that are analysed from now on.' })
  @ApiBody({ standardSchema: alertChange } as never)
  @ApiOkResponse({ standardSchema: alertResource })
  async change(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: alertId }) id: string, @Body({ schema: alertChange }) body: AlertChange) {
    return this.present(await this.alerts.change(tenantId, id, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an alert with what it found' })
  @ApiNoContentResponse()
  async delete(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: alertId }) id: string): Promise<void> {
    await this.alerts.delete(tenantId, id);
  }

  @Get(':id/matches')
  @ApiOperation({ summary: 'List the moments that an alert found, newest first' })
  @ApiOkResponse({ standardSchema: matchPage })
  async matches(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: alertId }) id: string, @Query({ schema: pageQuery }) query: PageQuery) {
    const page = await this.alerts.matches(tenantId, id, query);
    return { ...page, data: page.data.map(presentMatch) };
  }

  private async present(alert: Alert) {
    return presentAlert(alert, (await this.alerts.asked([alert]))(alert));
  }
}
