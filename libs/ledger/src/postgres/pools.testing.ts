import { testDatabase, type TestDatabase } from '@aidtrail/testing/postgres';
import { Pool } from 'pg';

/** Connection pools on databases of their own; each call of what `onNewDatabase` returns stands for another process. */
export function createTestPools() {
  const databases: TestDatabase[] = [];
  const pools: Pool[] = [];
  return {
    onNewDatabase: async (): Promise<() => Pool> => {
      const database = await testDatabase();
      databases.push(database);
      return () => {
        const pool = new Pool({ connectionString: database.connectionString, max: 4 });
        // Dropping the database ends connections that the pool has let go of but not closed yet.
        pool.on('error', () => undefined);
        pools.push(pool);
        return pool;
      };
    },
    end: async (): Promise<void> => {
      await Promise.all(pools.splice(0).map((pool) => pool.end()));
      await Promise.all(databases.splice(0).map((database) => database.drop()));
    },
  };
}
