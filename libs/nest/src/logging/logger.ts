import { StoreUnavailable } from '@aidtrail/event-store';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../config/config.js';

export type { Logger } from 'pino';

/**
 * Structured JSON on standard output. There is no way to log a body, a path with its values or a query string by
 * accident: requests are logged by `requestLine`, faults by `faultFields`, and nothing else is.
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return pino(options, destination ?? standardOutput());
}

/** Lines go out together, a little later: one write a line would cost as much as deciding a command. */
function standardOutput(): DestinationStream {
  return pino.destination({ fd: 1, sync: false, minLength: 8_192, periodicFlush: 200 });
}

/** What is logged of a request. `route` is the template, such as `/traces/:traceCode`: its values may be secrets. */
export interface RequestLine {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
}

export function logRequest(logger: Logger, line: RequestLine): void {
  logger.info(line, 'request');
}

/**
 * What is logged of a fault: its name, its code and where it came from. Not its message, nor what a database adds to it:
 * they repeat the values that somebody sent. The event store's own words on why it is not there repeat nothing; with them
 * nobody needs to know where in the program it was missed.
 */
export function faultFields(fault: unknown): {
  fault: string;
  code?: string;
  why?: string;
  at?: readonly string[];
} {
  if (!(fault instanceof Error)) return { fault: typeof fault };
  if (fault instanceof StoreUnavailable) return { fault: fault.name, why: fault.message };
  const { code } = fault as { readonly code?: unknown };
  const frames = (fault.stack ?? '').split('\n').filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
  return {
    fault: fault.name,
    ...(typeof code === 'string' && /^[A-Za-z0-9_]{1,64}$/.test(code) ? { code } : {}),
    at: frames.slice(0, 8).map((line) => line.trim()),
  };
}
