import { Controller, Get, Inject, Res, type OnApplicationShutdown } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '@aidtrail/nest';
import { Metrics } from './metrics.js';

@ApiTags('operation')
@Controller('metrics')
export class MetricsController implements OnApplicationShutdown {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  @Public({ limited: false })
  @ApiOperation({ summary: 'Figures for a monitor, in the Prometheus text format; nothing personal' })
  @ApiProduces('text/plain')
  async read(@Res() reply: FastifyReply): Promise<void> {
    const { contentType, body } = await this.metrics.text();
    void reply.type(contentType).send(body);
  }

  onApplicationShutdown(): void {
    this.metrics.close();
  }
}
