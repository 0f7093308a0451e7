import pg from 'pg';

/** A server of this ledger is running: what it writes while the events are copied would be lost. */
class LedgerServed extends Error {
  override readonly name = 'LedgerServed';
}

const HOW = 'Stop every server of this ledger, also on other machines, and run this again.';

/** Servers share it, a copy holds it alone: by it each sees the other, wherever the events lie. */
const SERVING = "hashtext('aidtrail server')";

/**
 * To be called by each process that opens the ledger. Throws `LedgerServed` while its events are being moved. The lock ends
 * with its connection, so one that breaks is taken for a server that ended.
 */
export async function holdAsServer(connectionString: string): Promise<() => Promise<void>> {
  const client = await connected(connectionString, 'aidtrail server');
  const { rows } = await client.query<{ got: boolean }>(`SELECT pg_try_advisory_lock_shared(${SERVING}) AS got`);
  if (rows[0]?.got === true) return () => client.end();
  await client.end();
  throw new LedgerServed('The events of this ledger are being moved. Start the server when that has ended.');
}

/**
 * Throws `LedgerServed` when a process has the ledger open, or leads, or is connected to the database as a server's event
 * store or read models are. Until the returned function is called no process opens it.
 */
export async function keepOthersFromServing(connectionString: string): Promise<() => Promise<void>> {
  const client = await connected(connectionString, 'aidtrail store copy');
  try {
    const { rows: serving } = await client.query<{ got: boolean }>(`SELECT pg_try_advisory_lock(${SERVING}) AS got`);
    if (serving[0]?.got !== true) throw new LedgerServed(`A server of this ledger is running. ${HOW}`);
    const { rows: leading } = await client.query<{ got: boolean }>(
      "SELECT pg_try_advisory_lock(hashtext('aidtrail leader')) AS got",
    );
    if (leading[0]?.got !== true) throw new LedgerServed(`A server of this ledger is running. ${HOW}`);
    const { rows: others } = await client.query(
      `SELECT 1 FROM pg_stat_activity
       WHERE datname = current_database() AND application_name IN ('aidtrail event store', 'aidtrail-projector')`,
    );
    if (others.length > 0) throw new LedgerServed(`A server of this ledger is connected to its database. ${HOW}`);
  } catch (fault) {
    await client.end();
    throw fault;
  }
  return () => client.end();
}

async function connected(connectionString: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: name,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
