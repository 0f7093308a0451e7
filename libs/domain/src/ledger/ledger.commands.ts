import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';
import { rootOfficer } from './ledger.events.js';

export const ledgerCommands = defineCommands({
  OpenLedger: {
    about: 'Makes leaf 0; signed by every root key.',
    public: {
      origin: f.reference,
      roots: f.listOf(rootOfficer, { min: 2, max: 9 }),
      eventKey: f.publicKey,
      checkpointVkey: f.reference,
      utcOffsetMinutes: f.utcOffsetMinutes,
      currency: f.currency,
      openingDay: f.day,
      k: f.k,
      demo: f.optional(f.flag),
    },
    signatures: 'roots',
    roles: ['root'],
  },
  RotateRootKey: {
    about: 'Replaces a root officer’s key; two roots sign.',
    public: { officer: f.officer, publicKey: f.publicKey },
    signatures: 'roots',
    roles: ['root'],
  },
  RotateEventKey: {
    about: 'Events after this one are signed by the new key; two roots sign.',
    public: { publicKey: f.publicKey },
    signatures: 'roots',
    roles: ['root'],
  },
});

export type LedgerCommand = CommandsOf<typeof ledgerCommands>;
