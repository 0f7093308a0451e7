import { Module, type DynamicModule } from '@nestjs/common';
import type { System } from './system.js';

/** Injection token of the `System`; ask for it with `Pick<System, …>`, so that a spec can give just that. */
export const SYSTEM = Symbol('SYSTEM');

@Module({})
export class SystemModule {
  static of(system: System): DynamicModule {
    return {
      module: SystemModule,
      global: true,
      providers: [{ provide: SYSTEM, useValue: system }],
      exports: [SYSTEM],
    };
  }
}
