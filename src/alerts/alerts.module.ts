// Wires the alerts domain.
import { Module } from '@nestjs/common';
import { MomentsModule } from '../moments/index.js';
import { AlertFollowUp } from './alert-follow-up.js';
import { AlertsController } from './alerts.controller.js';
import { AlertsService } from './alerts.service.js';

@Module({ imports: [MomentsModule], controllers: [AlertsController], providers: [AlertsService, AlertFollowUp], exports: [AlertFollowUp] })
export class AlertsModule {}
