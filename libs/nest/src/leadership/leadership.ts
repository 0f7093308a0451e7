import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** The time for which this process leads, from when it was elected. */
export interface Term {
  /** Counts the terms of all processes; a larger one is a later one. */
  readonly epoch: number;
  /** Aborts when the term is over, or may be. */
  readonly signal: AbortSignal;
  /** To be asked right before anything outside the database is replaced. Throws `LeadershipLost`. */
  requireHeld(): void;
}

/** Another process may lead by now. Nothing was replaced. */
export class LeadershipLost extends Error {
  override readonly name = 'LeadershipLost';
}

export interface LeadershipOptions {
  readonly connectionString: string;
  /** The election could not go on, and is tried again. */
  readonly onFault: (fault: unknown) => void;
  /** For specs. */
  readonly timing?: Partial<Timing>;
}

/** Milliseconds. */
interface Timing {
  /** How often a process that does not lead asks for the lock. */
  readonly poll: number;
  readonly beat: number;
  /** How long after a beat was sent, and answered, the leader may take itself for it. */
  readonly lease: number;
  /** After how long a silence PostgreSQL ends the leader's session, and gives the lock to another. */
  readonly silence: number;
  /** How long a new leader waits if the one before it has not said that it has stopped. More than `lease`. */
  readonly wait: number;
}

/** Whatever happens to a leader, another one has begun after `silence`, `poll` and `wait` together: 8.5 seconds. */
const TIMING: Timing = { poll: 500, beat: 1_000, lease: 3_500, silence: 4_000, wait: 4_000 };

const LOCK = "hashtext('aidtrail leader')";

/**
 * Does the work in one process at a time, among all that name the same database: elects a leader by a session lock of
 * PostgreSQL, and does the work while this process is it, again and again until the signal aborts.
 *
 * A lock alone is no fence: a process that was halted, or cut off from the database, learns late that it has lost it. So a
 * leader takes itself for one only for the length of a lease, which each answered beat renews and its own monotonic clock
 * measures; and a new one begins only when every lease before it is over, unless the one before has said that it stopped.
 *
 * `work` resolves soon after its signal aborts. When it rejects, so does this.
 */
export async function whileLeading(
  options: LeadershipOptions,
  signal: AbortSignal,
  work: (term: Term) => Promise<void>,
): Promise<void> {
  const candidate = new Candidate(options);
  while (!signal.aborted) {
    const term = await candidate.elected(signal);
    if (term === undefined) continue;
    try {
      await work(term);
    } finally {
      await term.end();
    }
  }
}

class Candidate {
  private readonly timing: Timing;
  private readonly holder = randomUUID();
  /** Whether the last term of this process began: then no lease but its own came before the next, and that one is over. */
  private hasLed = false;
  private connection: pg.Client | undefined;

  constructor(private readonly options: LeadershipOptions) {
    this.timing = { ...TIMING, ...options.timing };
  }

  /** Resolves when this process leads; to undefined after a fault, or when the signal has aborted. */
  async elected(signal: AbortSignal): Promise<OpenTerm | undefined> {
    const { poll, silence } = this.timing;
    try {
      const client = (this.connection ??= await connect(this.options.connectionString, silence));
      while (!(await tryLock(client))) {
        await pause(poll, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return void (await this.drop());
      }
      this.connection = undefined;
      const { hasLed, holder, timing } = this;
      const term = await OpenTerm.begin(client, { holder, hasLed, timing, signal });
      this.hasLed = term !== undefined;
      if (term !== undefined) return term;
    } catch (fault) {
      if (!signal.aborted) this.options.onFault(fault);
      await this.drop();
      await pause(poll, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }

  private async drop(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    await connection?.end().catch(() => undefined);
  }
}

class OpenTerm implements Term {
  private readonly over = new AbortController();
  private readonly beating: Promise<void>;
  private heldUntil: number;
  /** Leases from before may still run: whoever is elected next has to wait for them as well. */
  private isWaiting = false;

  private constructor(
    private readonly client: pg.Client,
    private readonly terms: { readonly timing: Timing; readonly holder: string; readonly stop: AbortSignal },
    readonly epoch: number,
  ) {
    this.heldUntil = performance.now() + terms.timing.lease;
    terms.stop.addEventListener('abort', this.abort, { once: true });
    client.once('end', this.abort);
    // It may have been told to stop while it was being elected.
    if (terms.stop.aborted) this.abort();
    this.beating = this.beat();
  }

  /** Resolves to undefined if it was over before it began. */
  static async begin(
    client: pg.Client,
    of: { readonly holder: string; readonly hasLed: boolean; readonly timing: Timing; readonly signal: AbortSignal },
  ): Promise<OpenTerm | undefined> {
    const { holder, timing, signal } = of;
    const { epoch, isClear } = await enter(client, of);
    const term = new OpenTerm(client, { timing, holder, stop: signal }, epoch);
    term.isWaiting = !isClear;
    // What the one before may still take itself for has to run out.
    if (!isClear) await pause(timing.wait, undefined, { signal: term.signal }).catch(() => undefined);
    if (!term.signal.aborted) {
      term.isWaiting = false;
      return term;
    }
    await term.end();
    return undefined;
  }

  get signal(): AbortSignal {
    return this.over.signal;
  }

  requireHeld(): void {
    if (this.over.signal.aborted || performance.now() >= this.heldUntil)
      throw new LeadershipLost('Another process may be publishing by now.');
  }

  /** After the work has stopped: says so, and lets another one lead. */
  async end(): Promise<void> {
    this.abort();
    await this.beating;
    this.terms.stop.removeEventListener('abort', this.abort);
    const { holder, timing } = this.terms;
    if (!this.isWaiting) await within(timing.lease, leave(this.client, holder)).catch(() => undefined);
    await within(timing.lease, this.client.end()).catch(() => undefined);
  }

  private readonly abort = (): void => this.over.abort();

  private async beat(): Promise<void> {
    const { beat, lease } = this.terms.timing;
    while (!this.over.signal.aborted) {
      await pause(beat, undefined, { signal: this.over.signal }).catch(() => undefined);
      const sent = performance.now();
      if (this.over.signal.aborted) return;
      try {
        await within(this.heldUntil - sent, this.client.query('SELECT 1'));
        this.heldUntil = sent + lease;
      } catch {
        this.abort();
      }
    }
  }
}

async function connect(connectionString: string, silence: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
    keepAlive: true,
    application_name: 'aidtrail leader election',
  });
  // A connection that breaks is noticed by the next query, or by the end of the term.
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`
    SET idle_session_timeout = ${silence};
    SELECT pg_advisory_xact_lock(hashtext('aidtrail leader table'));
    CREATE SCHEMA IF NOT EXISTS ledger;
    CREATE TABLE IF NOT EXISTS ledger.leader (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      epoch bigint NOT NULL,
      holder uuid NOT NULL,
      stopped boolean NOT NULL
    );
  `);
  return client;
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>(`SELECT pg_try_advisory_lock(${LOCK}) AS got`);
  return rows[0]?.got === true;
}

/** Whether some process has been elected. It may still wait for the lease of the one before to run out. */
export async function isLed(database: Pick<pg.Pool, 'query'>): Promise<boolean> {
  const { rows } = await database.query<{ led: boolean }>(
    `SELECT EXISTS (
       SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
       WHERE datname = current_database() AND locktype = 'advisory' AND objsubid = 1 AND granted
         AND (classid::bigint << 32) | objid::bigint = ${LOCK}::bigint
     ) AS led`,
  );
  return rows[0]?.led === true;
}

/** `isClear`: nobody else may take itself for the leader. Only with the lock. */
async function enter(
  client: pg.Client,
  { holder, hasLed }: { readonly holder: string; readonly hasLed: boolean },
): Promise<{ readonly epoch: number; readonly isClear: boolean }> {
  const { rows: before } = await client.query<{ holder: string; stopped: boolean }>(
    'SELECT holder, stopped FROM ledger.leader',
  );
  const { rows } = await client.query<{ epoch: string }>(
    `INSERT INTO ledger.leader (epoch, holder, stopped) VALUES (1, $1, false)
     ON CONFLICT (only_row) DO UPDATE SET epoch = ledger.leader.epoch + 1, holder = $1, stopped = false
     RETURNING epoch`,
    [holder],
  );
  const [last] = before;
  const isClear = last === undefined || last.stopped || (hasLed && last.holder === holder);
  return { epoch: Number(rows[0]?.epoch), isClear };
}

async function leave(client: pg.Client, holder: string): Promise<void> {
  await client.query('UPDATE ledger.leader SET stopped = true WHERE holder = $1', [holder]);
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  const timer = new AbortController();
  const late = pause(Math.max(0, milliseconds), undefined, { signal: timer.signal }).then(() => {
    throw new LeadershipLost('PostgreSQL did not answer in time.');
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
