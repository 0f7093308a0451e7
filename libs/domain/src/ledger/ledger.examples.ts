import { exampleBase64, exampleOfficer, exampleUuid } from '../kernel/examples.js';
import { keyIdOf } from '../kernel/key-id.js';
import type { OfType } from '../kernel/table.js';
import type { LedgerCommand } from './ledger.commands.js';
import type { LedgerEvent } from './ledger.events.js';

export const exampleRoots = [
  { officer: 'root-gao', publicKey: exampleBase64(1) },
  { officer: 'root-lin', publicKey: exampleBase64(2) },
];

/** The signers that go with `exampleRoots`. */
export const exampleRootSigners = exampleRoots.map(({ officer, publicKey }) =>
  exampleOfficer('root', officer, { keyId: keyIdOf(publicKey) }),
);

const opening = {
  origin: 'ledger.example.org/relief',
  roots: exampleRoots,
  eventKey: exampleBase64(3),
  checkpointVkey: `ledger.example.org/relief+0a1b2c3d+${'A'.repeat(44)}`,
  utcOffsetMinutes: 480,
  currency: 'CNY' as const,
  openingDay: '2026-11-01',
  k: 10,
};

type EventData<K extends LedgerEvent['type']> = Partial<OfType<LedgerEvent, K>['data']>;
type CommandData<K extends LedgerCommand['type']> = Partial<OfType<LedgerCommand, K>['data']>;

/** A valid event of each type; fields may be given. */
export const ledgerEventExamples = {
  LedgerOpened: (data: EventData<'LedgerOpened'> = {}): OfType<LedgerEvent, 'LedgerOpened'> => ({
    type: 'LedgerOpened',
    data: { ...opening, ...data },
  }),
  RootKeyRotated: (data: EventData<'RootKeyRotated'> = {}): OfType<LedgerEvent, 'RootKeyRotated'> => ({
    type: 'RootKeyRotated',
    data: { officer: 'root-lin', formerKey: exampleBase64(2), publicKey: exampleBase64(4), ...data },
  }),
  EventKeyRotated: (data: EventData<'EventKeyRotated'> = {}): OfType<LedgerEvent, 'EventKeyRotated'> => ({
    type: 'EventKeyRotated',
    data: { formerKey: exampleBase64(3), publicKey: exampleBase64(5), ...data },
  }),
};

/** A valid command of each type; fields may be given. */
export const ledgerCommandExamples = {
  OpenLedger: (data: CommandData<'OpenLedger'> = {}): OfType<LedgerCommand, 'OpenLedger'> => ({
    type: 'OpenLedger',
    id: exampleUuid(0x341),
    data: { ...opening, ...data },
  }),
  RotateRootKey: (data: CommandData<'RotateRootKey'> = {}): OfType<LedgerCommand, 'RotateRootKey'> => ({
    type: 'RotateRootKey',
    id: exampleUuid(0x342),
    data: { officer: 'root-lin', publicKey: exampleBase64(4), ...data },
  }),
  RotateEventKey: (data: CommandData<'RotateEventKey'> = {}): OfType<LedgerCommand, 'RotateEventKey'> => ({
    type: 'RotateEventKey',
    id: exampleUuid(0x343),
    data: { publicKey: exampleBase64(5), ...data },
  }),
};
