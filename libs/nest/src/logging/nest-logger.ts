import type { LoggerService } from '@nestjs/common';
import { faultFields, type Logger } from './logger.js';

/** Sends the framework's own messages to the structured log: its start at debug, its complaints without their data. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown): void {
    this.logger.debug({ framework: textOf(message) });
  }

  debug(message: unknown): void {
    this.logger.trace({ framework: textOf(message) });
  }

  verbose(message: unknown): void {
    this.logger.trace({ framework: textOf(message) });
  }

  warn(message: unknown): void {
    this.logger.warn({ framework: textOf(message) });
  }

  /** Faults come with messages that may repeat a request, so only their kind is kept. */
  error(message: unknown): void {
    this.logger.error(faultFields(message), 'framework');
  }
}

function textOf(message: unknown): string {
  return typeof message === 'string' ? message : typeof message;
}
