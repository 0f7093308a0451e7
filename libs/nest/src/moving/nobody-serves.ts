import pg from 'pg';

/** A server of this ledger is running: what it writes while the events are copied would be lost. */
class LedgerServed extends Error {
  override readonly name = 'LedgerServed';
}

const HOW = 'Stop every server of this ledger, also on other machines, and run this again.';

/**
 * Throws `LedgerServed` when a process leads, or is connected to the database as a server's event store or read models
 * are. Until the returned function is called no process comes to lead. A process of role `api` that begins meanwhile is not
 * kept from it: what it writes is found at the end of the copy.
 */
export async function keepOthersFromServing(connectionString: string): Promise<() => Promise<void>> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: 'aidtrail store copy',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows: leading } = await client.query<{ got: boolean }>(
      "SELECT pg_try_advisory_lock(hashtext('aidtrail leader')) AS got",
    );
    if (leading[0]?.got !== true) throw new LedgerServed(`A server of this ledger is running. ${HOW}`);
    const { rows: connected } = await client.query(
      `SELECT 1 FROM pg_stat_activity
       WHERE datname = current_database() AND application_name IN ('aidtrail event store', 'aidtrail-projector')`,
    );
    if (connected.length > 0) throw new LedgerServed(`A server of this ledger is connected to its database. ${HOW}`);
  } catch (fault) {
    await client.end();
    throw fault;
  }
  return () => client.end();
}
