import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

export const rootOfficer = f.record({ officer: f.officer, publicKey: f.publicKey });

export const ledgerEvents = defineEvents({
  LedgerOpened: {
    about: 'Leaf 0. Who answers for this ledger, with which keys it signs, and the terms that never change.',
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
  },
  RootKeyRotated: {
    about: 'A root officer has a new key; the old one ends with this leaf.',
    public: { officer: f.officer, formerKey: f.publicKey, publicKey: f.publicKey },
  },
  EventKeyRotated: {
    about: 'From the next leaf on events are signed by another key.',
    public: { formerKey: f.publicKey, publicKey: f.publicKey },
  },
});

export type LedgerEvent = EventsOf<typeof ledgerEvents>;
