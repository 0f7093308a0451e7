import { StoreUnavailable } from '@aidtrail/event-store';
import { describe, expect, it } from '@jest/globals';
import type { DatabaseView } from './database-watch.js';
import { LARGEST_LAG, readinessOf, type Readiness, type WatchedSystem } from './readiness.js';

const HEAD = 9_000;

/** What a process finds; `gone`: it asks and gets no answer. */
interface Found {
  readonly head?: number | 'gone';
  readonly policies?: number | 'gone';
  readonly projected?: number | 'gone';
  readonly database?: Partial<DatabaseView> | 'gone';
}

const answer = async <T>(found: T | 'gone'): Promise<T> => {
  if (found === 'gone') throw new Error('postgres://user:secret@host is gone');
  return found;
};

function systemOf(role: WatchedSystem['role'], found: Found): WatchedSystem {
  const { head = HEAD, policies = HEAD, projected = HEAD, database = {} } = found;
  return {
    role,
    store: { head: () => answer(head) },
    ledger: { policyPosition: () => answer(policies) },
    projector: { position: () => answer(projected) },
    database: {
      look: async () => ({ isWritable: true, isLed: true, ...(await answer<Partial<DatabaseView>>(database)) }),
    },
  } as unknown as WatchedSystem;
}

const late = HEAD - LARGEST_LAG - 1;
const lagging = HEAD - LARGEST_LAG;

it('tells what the event store says is wrong, and nothing that any other fault says', async () => {
  const reason = 'KurrentDB cannot be reached: the certificate of node1:2113 is not trusted';
  const system = systemOf('api', {});
  const failing = (fault: Error) =>
    ({ ...system, store: { head: () => Promise.reject(fault) } }) as unknown as WatchedSystem;
  expect(await readinessOf(failing(new StoreUnavailable(reason)))).toMatchObject({ storeFault: reason });
  expect(await readinessOf(failing(new Error('postgres://user:secret@host is gone')))).not.toHaveProperty('storeFault');
});

type Verdict = readonly [waitingFor: Readiness['waitingFor'], warnings: Readiness['warnings']];

const cases: readonly (readonly [string, Found, { readonly commands: Verdict; readonly follows: Verdict }])[] = [
  ['all is well', {}, { commands: [[], []], follows: [[], []] }],
  ['all are somewhat behind', { policies: lagging, projected: lagging }, { commands: [[], []], follows: [[], []] }],
  ['the projector lags', { projected: late }, { commands: [[], ['projector']], follows: [['projector'], []] }],
  ['the policies lag', { policies: late }, { commands: [[], ['policies']], follows: [['policies'], []] }],
  ['nobody leads', { database: { isLed: false } }, { commands: [[], ['leader']], follows: [['leader'], []] }],
  [
    'nobody leads any more, for long',
    { database: { isLed: false }, policies: late, projected: late },
    {
      commands: [[], ['leader', 'policies', 'projector']],
      follows: [['leader', 'policies', 'projector'], []],
    },
  ],
  [
    'the read models cannot be asked',
    { projected: 'gone' },
    { commands: [[], ['projector']], follows: [['projector'], []] },
  ],
  ['the events are gone', { head: 'gone' }, { commands: [['store'], []], follows: [['store'], []] }],
  [
    'PostgreSQL is gone and the events are elsewhere',
    { database: 'gone', policies: 'gone', projected: 'gone' },
    { commands: [['database'], []], follows: [['database'], []] },
  ],
  [
    'PostgreSQL is gone with the events',
    { head: 'gone', database: 'gone', policies: 'gone', projected: 'gone' },
    { commands: [['store', 'database'], []], follows: [['store', 'database'], []] },
  ],
  [
    'PostgreSQL is one that follows another',
    { database: { isWritable: false } },
    { commands: [['database'], []], follows: [['database'], []] },
  ],
];

describe('whether a process is ready', () => {
  it.each(cases)('%s', async (_, found, { commands, follows }) => {
    for (const [role, [waitingFor, warnings]] of [
      ['api', commands],
      ['all', commands],
      ['projector', follows],
    ] as const) {
      const readiness = await readinessOf(systemOf(role, found));
      expect([role, readiness]).toMatchObject([role, { ready: waitingFor.length === 0, waitingFor, warnings }]);
      expect(JSON.stringify(readiness)).not.toContain('secret');
    }
  });

  it('tells how far each is, where somebody could say', async () => {
    expect(await readinessOf(systemOf('api', { policies: 8_990, projected: 'gone' }))).toEqual({
      ready: true,
      head: HEAD,
      policyLag: 10,
      waitingFor: [],
      warnings: ['projector'],
    });
    expect(await readinessOf(systemOf('api', { head: 'gone' }))).toEqual({
      ready: false,
      waitingFor: ['store'],
      warnings: [],
    });
  });

  it('does not wait longer than somebody who asks would', async () => {
    const silent = { ...systemOf('api', {}), database: { look: () => new Promise<never>(() => undefined) } };
    expect(await readinessOf(silent)).toMatchObject({ ready: false, waitingFor: ['database'] });
  }, 10_000);
});
