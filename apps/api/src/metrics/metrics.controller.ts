import { Controller, Get, Inject, Res, type OnApplicationShutdown } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Monitor } from '@aidtrail/nest';
import { Metrics } from './metrics.js';

@ApiTags('operation')
@Controller('metrics')
export class MetricsController implements OnApplicationShutdown {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  @Monitor()
  @ApiOperation({
    summary:
      'Figures for the operator’s monitor, which shows its token, in the Prometheus text format; nothing personal',
  })
  @ApiSecurity('monitor')
  @ApiProduces('text/plain')
  async read(@Res() reply: FastifyReply): Promise<void> {
    const { contentType, body } = await this.metrics.text();
    void reply.type(contentType).send(body);
  }

  onApplicationShutdown(): void {
    this.metrics.close();
  }
}
