// Wires the proxies.
import { Module } from '@nestjs/common';
import { VideosModule } from '../videos/index.js';
import { ProxiesController } from './proxies.controller.js';
import { ProxyState } from './proxy-state.js';

@Module({ imports: [VideosModule], controllers: [ProxiesController], providers: [ProxyState], exports: [ProxyState] })
export class ProxiesModule {}
