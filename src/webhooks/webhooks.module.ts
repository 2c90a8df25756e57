// Wires the webhooks domain.
import { Module } from '@nestjs/common';
import { CONFIG } from '../platform/config/config.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryState } from './delivery-state.js';
import { createSecretBox, SECRET_BOX } from './secret-box.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

@Module({
  controllers: [WebhooksController],
  providers: [{ provide: SECRET_BOX, useFactory: createSecretBox, inject: [CONFIG] }, WebhooksService, DeliveriesService, DeliveryState],
  exports: [WebhooksService, DeliveryState],
})
export class WebhooksModule {}
