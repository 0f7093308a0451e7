import {
  loadConfigOrThrow,
  LONGEST_SLOT_MILLISECONDS,
  parseDuration,
  type Config,
  type ConfigOverrides,
} from '@aidtrail/nest';
import { InvalidArgumentError, type Command } from 'commander';

/** Options that commands share; what is not given comes from the environment, then from the defaults. */
export interface SharedOptions {
  readonly data?: string;
  readonly json?: boolean;
}

export function withShared(command: Command): Command {
  return withData(command).option('--json', 'write the result as JSON');
}

function withData(command: Command): Command {
  return command.option('--data <directory>', 'data directory (AIDTRAIL_DATA; default data/main)');
}

export function configFrom(options: SharedOptions, more: ConfigOverrides = {}): Config {
  return loadConfigOrThrow({ dataDirectory: options.data, ...more });
}

export function durationArgument(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined || milliseconds > LONGEST_SLOT_MILLISECONDS)
    throw new InvalidArgumentError('Give a length of time such as 1s or 15m, at most 24h.');
  return milliseconds;
}
