import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { LeadershipLost, whileLeading, type Term } from './leadership.js';

const timing = { poll: 20, beat: 50, lease: 300, silence: 400, wait: 350 };

/** A process that wants to lead, and what it saw. */
class Contender {
  readonly terms: Term[] = [];
  readonly faults: unknown[] = [];
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private told: () => void = () => undefined;

  constructor(
    connectionString: string,
    private readonly now: { leading: number },
  ) {
    const onFault = (fault: unknown): void => void this.faults.push(fault);
    this.running = whileLeading({ connectionString, onFault, timing }, this.stopping.signal, (term) => this.work(term));
  }

  /** The n-th term of this one, counted from 1. */
  async term(n: number): Promise<Term> {
    while (this.terms.length < n) await new Promise<void>((resolve) => (this.told = resolve));
    return this.terms[n - 1] as Term;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async work(term: Term): Promise<void> {
    this.now.leading += 1;
    expect(this.now.leading).toBe(1);
    this.terms.push(term);
    this.told();
    while (!term.signal.aborted) await pause(5_000, undefined, { signal: term.signal }).catch(() => undefined);
    this.now.leading -= 1;
  }
}

describe('of several processes on one database, one leads', () => {
  let database: TestDatabase;
  const now = { leading: 0 };
  const contend = (): Contender => new Contender(database.connectionString, now);

  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  it('and another follows at once when it stops in good order', async () => {
    const first = contend();
    const { epoch } = await first.term(1);
    const second = contend();
    await pause(100);
    expect(second.terms).toEqual([]);
    await first.stop();
    const later = await second.term(1);
    expect(later.epoch).toBe(epoch + 1);
    later.requireHeld();
    await second.stop();
    expect(() => later.requireHeld()).toThrow(LeadershipLost);
  });

  it('and another only when its lease is over, if PostgreSQL ended its session', async () => {
    const first = contend();
    const term = await first.term(1);
    const second = contend();
    const lost = new Promise((resolve) => term.signal.addEventListener('abort', resolve, { once: true }));
    await endSessions(database.connectionString);
    await lost;
    expect(() => term.requireHeld()).toThrow(LeadershipLost);
    // Either of them may be next; the one that led needs no fence against itself.
    const next = await Promise.race([first.term(2), second.term(1)]);
    expect(next.epoch).toBeGreaterThan(term.epoch);
    await Promise.all([first.stop(), second.stop()]);
  });

  it('and one that could not beat knows by its own clock that it does not lead any more', async () => {
    const first = contend();
    const term = await first.term(1);
    // This thread stands still for longer than the lease: no timer runs, no answer comes in.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, timing.lease + 100);
    expect(() => term.requireHeld()).toThrow(LeadershipLost);
    await first.stop();
  });

  it('and one that is told to stop while it is being elected does, and leaves the lock', async () => {
    for (const milliseconds of [0, 1, 2, 4, 8, 16, 32]) {
      const early = contend();
      await pause(milliseconds);
      await early.stop();
    }
    const next = contend();
    await next.term(1);
    await next.stop();
  });

  it('and one that stops while it waits for the lease of another does not say that nobody leads any more', async () => {
    const first = contend();
    await first.term(1);
    await first.stop();
    const client = new pg.Client({ connectionString: database.connectionString });
    await client.connect();
    // As if it were cut off and still took itself for the leader, while PostgreSQL has ended its session.
    await client.query('UPDATE ledger.leader SET stopped = false');
    const epochNow = async (): Promise<number> =>
      Number((await client.query<{ epoch: string }>('SELECT epoch FROM ledger.leader')).rows[0]?.epoch);
    const before = await epochNow();
    const second = contend();
    while ((await epochNow()) === before) await pause(5);
    await second.stop();
    expect(second.terms).toEqual([]);
    const { rows: after } = await client.query('SELECT stopped FROM ledger.leader');
    expect(after).toEqual([{ stopped: false }]);
    await client.end();
    const third = contend();
    await third.term(1);
    await third.stop();
  });

  it('and a process whose database is away waits for it and says so', async () => {
    const away = new Contender('postgres://nobody@127.0.0.1:1/none', now);
    await pause(200);
    expect(away.faults.length).toBeGreaterThan(0);
    expect(away.terms).toEqual([]);
    await away.stop();
  });
});

async function endSessions(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'aidtrail leader election' AND datname = current_database()`,
  );
  await client.end();
}
