import { Controller, Get, Inject, Module, Optional, Req, type DynamicModule } from '@nestjs/common';
import { Public } from '../access/caller.js';
import { MONITORS, type MonitorRequest, type Monitors } from '../access/monitors.js';
import { Problem } from '../problems/problem.js';
import { SYSTEM } from '../system/system-module.js';
import type { System } from '../system/system.js';
import { readinessOf, type Readiness, type WatchedSystem } from './readiness.js';

/** For whoever runs the process: is it alive, and should it get requests. */
@Controller()
export class HealthController {
  constructor(
    @Inject(SYSTEM) private readonly system: WatchedSystem & Pick<System, 'file'>,
    @Optional() @Inject(MONITORS) private readonly monitors?: Monitors,
  ) {}

  /** 200 as long as the process answers at all. */
  @Get('health')
  @Public({ limited: false })
  health(): { readonly status: 'alive' } {
    return { status: 'alive' };
  }

  /**
   * 200, perhaps with warnings, or 503 with what it waits for. How many events there are, and how many are still to be done, is
   * for monitors; a demo, whose people are invented, tells everybody.
   */
  @Get('ready')
  @Public({ limited: false })
  async ready(@Req() request: MonitorRequest): Promise<Readiness> {
    const { head, policyLag, projectorLag, ...inPublic } = await readinessOf(this.system);
    const seesFigures = this.system.file.demo || this.monitors?.admits(request) === true;
    const figures = { head, policyLag, projectorLag } as Pick<Readiness, 'head' | 'policyLag' | 'projectorLag'>;
    const readiness: Readiness = seesFigures ? { ...figures, ...inPublic } : inPublic;
    if (!readiness.ready) throw new Problem('not_ready', { extensions: readiness });
    return readiness;
  }
}

@Module({ controllers: [HealthController] })
export class HealthModule {
  static of(monitors: Monitors): DynamicModule {
    return { module: HealthModule, providers: [{ provide: MONITORS, useValue: monitors }], exports: [MONITORS] };
  }
}
