// /v1/webhooks: where a tenant is told what happens, and the log of what was told.
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { pageQuery, type PageQuery } from '../platform/http/cursor.js';
import { DeliveriesService } from './deliveries.service.js';
import {
  deliveryDetail,
  deliveryId,
  deliveryPage,
  deliveryQuery,
  type DeliveryQuery,
  newWebhook,
  presentDelivery,
  presentDetail,
  presentWebhook,
  redelivered,
  redelivery,
  type Redelivery,
  rotation,
  type WebhookBody,
  webhookChange,
  type WebhookChange,
  webhookId,
  webhookPage,
  webhookRequest,
  webhookResource,
} from './webhook.schema.js';
import { WebhooksService } from './webhooks.service.js';

@ApiTags('webhooks')
@RequireScope('webhooks:manage')
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly deliveries: DeliveriesService,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Add a webhook', description: 'Messages are signed as Standard Webhooks say; the secret is shown this once.' })
  @ApiBody({ standardSchema: webhookRequest } as never)
  @ApiCreatedResponse({ standardSchema: newWebhook })
  async create(@CurrentCaller() { tenantId }: Caller, @Body({ schema: webhookRequest }) body: WebhookBody) {
    const { endpoint, secret } = await this.webhooks.create(tenantId, body);
    return { ...presentWebhook(endpoint), secret };
  }

  @Get()
  @ApiOperation({ summary: 'List webhooks, newest first' })
  @ApiOkResponse({ standardSchema: webhookPage })
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery }) query: PageQuery) {
    const page = await this.webhooks.list(tenantId, query);
    return { ...page, data: page.data.map(presentWebhook) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a webhook with its health' })
  @ApiOkResponse({ standardSchema: webhookResource })
  async show(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: webhookId }) id: string) {
    return presentWebhook(await this.webhooks.get(tenantId, id));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a webhook', description: 'While it is disabled, what happens is kept for it as failed deliveries.' })
  @ApiBody({ standardSchema: webhookChange } as never)
  @ApiOkResponse({ standardSchema: webhookResource })
  async change(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: webhookId }) id: string, @Body({ schema: webhookChange }) body: WebhookChange) {
    return presentWebhook(await this.webhooks.change(tenantId, id, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a webhook with its log' })
  @ApiNoContentResponse()
  async delete(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: webhookId }) id: string): Promise<void> {
    await this.webhooks.delete(tenantId, id);
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give a webhook a new secret', description: 'For 24 hours messages carry a signature of the old one too.' })
  @ApiBody({ standardSchema: rotation, required: false } as never)
  @ApiOkResponse({ standardSchema: newWebhook })
  async rotate(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: webhookId }) id: string, @Body({ schema: rotation }) body: z.infer<typeof rotation>) {
    const { endpoint, secret } = await this.webhooks.rotate(tenantId, id, body.secret);
    return { ...presentWebhook(endpoint), secret };
  }

  @Post(':id/ping')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send a message of type webhook.ping', description: 'How it went is read under the id of the delivery.' })
  @ApiAcceptedResponse({ standardSchema: deliveryDetail })
  async ping(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: webhookId }) id: string) {
    return presentDetail(await this.deliveries.get(tenantId, id, await this.webhooks.ping(tenantId, id)));
  }

  @Get(':id/deliveries')
  @ApiOperation({ summary: 'List what a webhook was told, newest first' })
  @ApiOkResponse({ standardSchema: deliveryPage })
  async log(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: webhookId }) id: string, @Query({ schema: deliveryQuery }) query: DeliveryQuery) {
    const page = await this.deliveries.list(tenantId, id, query);
    return { ...page, data: page.data.map(presentDelivery) };
  }

  @Get(':id/deliveries/:deliveryId')
  @ApiOperation({ summary: 'Show a delivery with what is sent and every attempt' })
  @ApiOkResponse({ standardSchema: deliveryDetail })
  async delivery(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: webhookId }) id: string, @Param('deliveryId', { schema: deliveryId }) delivery: string) {
    return presentDetail(await this.deliveries.get(tenantId, id, delivery));
  }

  @Post(':id/deliveries/:deliveryId/redeliver')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send a message again', description: 'The same message under the same `webhook-id`, with a whole schedule of attempts.' })
  @ApiAcceptedResponse({ standardSchema: deliveryDetail })
  async redeliver(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: webhookId }) id: string, @Param('deliveryId', { schema: deliveryId }) delivery: string) {
    await this.deliveries.sendAgain(tenantId, id, delivery);
    return presentDetail(await this.deliveries.get(tenantId, id, delivery));
  }

  @Post(':id/redeliver')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send all messages of a range again', description: 'Without a body all that failed.' })
  @ApiBody({ standardSchema: redelivery, required: false } as never)
  @ApiAcceptedResponse({ standardSchema: redelivered })
  async redeliverRange(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: webhookId }) id: string, @Body({ schema: redelivery }) body: Redelivery) {
    const { status, type = null, created_after = null, created_before = null } = body;
    return { deliveries: await this.deliveries.sendRangeAgain(tenantId, id, body), status, type, created_after, created_before };
  }
}
