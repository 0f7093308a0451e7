import { Controller, Get, Inject, Module } from '@nestjs/common';
import { Public } from '../access/caller.js';
import { Problem } from '../problems/problem.js';
import { SYSTEM } from '../system/system-module.js';
import { readinessOf, type Readiness, type WatchedSystem } from './readiness.js';

/** For whoever runs the process: is it alive, and should it get requests. */
@Controller()
export class HealthController {
  constructor(@Inject(SYSTEM) private readonly system: WatchedSystem) {}

  /** 200 as long as the process answers at all. */
  @Get('health')
  @Public({ limited: false })
  health(): { readonly status: 'alive' } {
    return { status: 'alive' };
  }

  /** 200, perhaps with warnings, or 503 with what it waits for. */
  @Get('ready')
  @Public({ limited: false })
  async ready(): Promise<Readiness> {
    const readiness = await readinessOf(this.system);
    if (!readiness.ready) throw new Problem('not_ready', { extensions: readiness });
    return readiness;
  }
}

@Module({ controllers: [HealthController] })
export class HealthModule {}
