import { randomBytes } from 'node:crypto';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import {
  CallerGuard,
  faultFields,
  HealthModule,
  LoggingModule,
  ProblemFilter,
  PUBLIC_LIMITER,
  SESSION_READERS,
  Monitors,
  SystemModule,
  type Logger,
  type PublicLimiter,
  type System,
} from '@aidtrail/nest';
import { CommandsController } from '../commands/commands.controller.js';
import { DayGuard } from '../commands/day-guard.js';
import { StagingGuard } from '../commands/staging-guard.js';
import { SubmitCommandHandler } from '../commands/submit-command.js';
import { FiguresController } from '../figures/figures.controller.js';
import { LedgerController } from '../ledger/ledger.controller.js';
import { LogController } from '../ledger/log.controller.js';
import { MetricsController } from '../metrics/metrics.controller.js';
import { Metrics } from '../metrics/metrics.js';
import { OpenApiController, OpenApiHolder } from '../openapi/openapi.controller.js';
import { PublicQueriesController } from '../queries/public-queries.controller.js';
import { StaffQueriesController } from '../queries/staff-queries.controller.js';
import { TracesController } from '../queries/traces.controller.js';
import { SiteController } from '../site/site.controller.js';
import { SITE, type Site } from '../site/site.js';
import { IntakesController } from '../staging/intakes.controller.js';
import { PeopleController } from '../staging/people.controller.js';
import { PeopleSearchesController } from '../staging/people-searches.controller.js';
import { QuotesController } from '../staging/quotes.controller.js';
import { RostersController } from '../staging/rosters.controller.js';
import { SlipsController } from '../staging/slips.controller.js';
import { Sessions } from '../sessions/sessions.js';
import { SessionsController } from '../sessions/sessions.controller.js';

export interface ApiParts {
  readonly system: System;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: () => number;
  /** Absent: public routes may be asked as often as anybody likes. */
  readonly limiter?: PublicLimiter | undefined;
  readonly site: Site;
  /** What a monitor has to show; absent: nobody is one. */
  readonly monitorToken?: string | undefined;
}

/** What a process answers that takes no commands: how it is, beside the health routes. */
const projectorControllers = [MetricsController];

/** Every controller of the API; a spec walks this list to see that each route declares its caller. */
export const controllers = [
  CommandsController,
  LedgerController,
  LogController,
  FiguresController,
  SessionsController,
  RostersController,
  SlipsController,
  IntakesController,
  PeopleController,
  PeopleSearchesController,
  QuotesController,
  PublicQueriesController,
  TracesController,
  StaffQueriesController,
  MetricsController,
  OpenApiController,
  SiteController,
];

@Module({})
export class ApiModule {
  static of({ system, logger, metrics, clock, limiter, site, monitorToken }: ApiParts): DynamicModule {
    const sessions = new Sessions({ origin: system.file.origin, ledger: system.ledger, clock, randomBytes });
    const { utcOffsetMinutes } = system.file;
    const days = new DayGuard({ calendar: system.calendar, utcOffsetMinutes, clock });
    const report = (fault: unknown, request: unknown) =>
      logger.error({ requestId: (request as FastifyRequest).id, ...faultFields(fault) }, 'fault');
    return {
      module: ApiModule,
      imports: [
        SystemModule.of(system),
        LoggingModule.of(logger),
        HealthModule.of(new Monitors(monitorToken)),
        CqrsModule.forRoot(),
      ],
      controllers: system.role === 'projector' ? projectorControllers : [...controllers],
      providers: [
        SubmitCommandHandler,
        OpenApiHolder,
        { provide: DayGuard, useValue: days },
        { provide: StagingGuard, useValue: new StagingGuard(system) },
        { provide: SESSION_READERS, useValue: sessions },
        { provide: PUBLIC_LIMITER, useValue: limiter },
        { provide: Metrics, useValue: metrics },
        { provide: SITE, useValue: site },
        { provide: APP_GUARD, useClass: CallerGuard },
        { provide: APP_FILTER, useValue: new ProblemFilter(report) },
      ],
    };
  }
}
