// /metrics: the installation in the text format of Prometheus.
import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../platform/http/access.js';
import { Installation } from './installation.js';

@ApiTags('operation')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly installation: Installation) {}

  @RequireScope('admin')
  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Measure the installation', description: 'In the text format of Prometheus. With METRICS_PORT it is also told there, without a key.' })
  @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
  metrics(): Promise<string> {
    return this.installation.text();
  }
}
