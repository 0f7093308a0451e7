import type pg from 'pg';
import type { Config } from '../config/config.js';
import { isLed } from '../leadership/leadership.js';

/** What PostgreSQL, which holds everything but perhaps the events, says of itself and of the processes that share it. */
export interface DatabaseView {
  /** Not while it follows another database, or was made read-only: then nothing can be sealed, staged or published. */
  readonly isWritable: boolean;
  /** Whether some process signs, publishes, projects and runs the policies, or is about to. */
  readonly isLed: boolean;
}

export interface DatabaseWatch {
  /** Rejects when PostgreSQL does not answer. */
  look(): Promise<DatabaseView>;
}

export function createDatabaseWatch({ databaseUrl }: Pick<Config, 'databaseUrl'>, pool: pg.Pool): DatabaseWatch {
  return {
    look: async () => {
      const { rows } = await pool.query<{ setting: string }>(
        "SELECT current_setting('transaction_read_only') AS setting",
      );
      const isWritable = rows[0]?.setting === 'off';
      // The data directory's own database is for one process, which leads itself.
      return { isWritable, isLed: databaseUrl === undefined || (await isLed(pool)) };
    },
  };
}
