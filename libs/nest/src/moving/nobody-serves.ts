import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** A server of this ledger is running: what it writes while the events are copied would be lost. */
class LedgerServed extends Error {
  override readonly name = 'LedgerServed';
}

const HOW = 'Stop every server of this ledger, also on other machines, and run this again.';

/** Servers share it, a copy holds it alone: by it each sees the other, wherever the events lie. */
const SERVING = "hashtext('aidtrail server')";

/** How soon a server whose connection broke asks for the lock again. */
const AGAIN_MILLISECONDS = 250;
/** A copy leaves such servers this long to notice that it has begun, and to stop. */
const GRACE_MILLISECONDS = 1_000;

/** A server's share of the lock. PostgreSQL takes it away with its connection. */
export interface ServingHold {
  /** Takes it again whenever it was lost, until the signal aborts. Rejects with `LedgerServed` if a copy was faster. */
  keep(signal: AbortSignal): Promise<void>;
  release(): Promise<void>;
}

/** To be called by each process that opens the ledger. Throws `LedgerServed` while its events are being moved. */
export async function holdAsServer(connectionString: string): Promise<ServingHold> {
  let share = await shared(connectionString);
  return {
    keep: async (signal) => {
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      while (!signal.aborted) {
        await Promise.race([share.lost, aborted]);
        await pause(AGAIN_MILLISECONDS, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        share = await shared(connectionString).catch((fault: unknown) => {
          if (fault instanceof LedgerServed) throw fault;
          // PostgreSQL is not back yet.
          return share;
        });
      }
    },
    release: () => share.client.end(),
  };
}

/** A copy's hold on a ledger: until it is released no process opens it. */
export interface CopyingHold {
  /** Throws `LedgerServed` if the connection, and with it the lock, was lost: a server may have begun since. */
  requireHeld(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Throws `LedgerServed` when a process has the ledger open, or leads, or is connected to the database as a server's event
 * store or read models are.
 */
export async function keepOthersFromServing(connectionString: string): Promise<CopyingHold> {
  const client = await connected(connectionString, 'aidtrail store copy');
  try {
    const { rows: serving } = await client.query<{ got: boolean }>(`SELECT pg_try_advisory_lock(${SERVING}) AS got`);
    if (serving[0]?.got !== true) throw new LedgerServed(`A server of this ledger is running. ${HOW}`);
    await pause(GRACE_MILLISECONDS);
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
  return {
    requireHeld: async () => {
      await client.query('SELECT 1').catch(() => {
        throw new LedgerServed(
          `The connection to PostgreSQL broke, and with it what keeps servers from starting during a copy. ${HOW}`,
        );
      });
    },
    release: () => client.end(),
  };
}

/** A connection with a share of the lock, and when it will have ended. */
async function shared(
  connectionString: string,
): Promise<{ readonly client: pg.Client; readonly lost: Promise<unknown> }> {
  const client = await connected(connectionString, 'aidtrail server');
  // From now on, and not from when somebody waits for it.
  const lost = new Promise((resolve) => client.once('end', resolve));
  const { rows } = await client.query<{ got: boolean }>(`SELECT pg_try_advisory_lock_shared(${SERVING}) AS got`);
  if (rows[0]?.got === true) return { client, lost };
  await client.end();
  throw new LedgerServed('The events of this ledger are being moved. Start the server when that has ended.');
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
