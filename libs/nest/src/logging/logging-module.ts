import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from './logger.js';

/** Injection token of the structured `Logger`. */
export const LOGGER = Symbol('LOGGER');

@Module({})
export class LoggingModule {
  static of(logger: Logger): DynamicModule {
    return {
      module: LoggingModule,
      global: true,
      providers: [{ provide: LOGGER, useValue: logger }],
      exports: [LOGGER],
    };
  }
}
