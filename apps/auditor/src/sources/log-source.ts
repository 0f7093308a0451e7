import type { LogFiles } from '@aidtrail/verification';

/** Where a log is read from. */
export interface LogSource extends LogFiles {
  /** Files that it pays to ask for ahead of time. */
  readonly ahead: number;
  close(): Promise<void>;
}
