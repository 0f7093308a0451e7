import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

export const keyEvents = defineEvents({
  KeyEnrolled: {
    about: 'A public key was proposed for a role. It may sign once another officer has approved it.',
    public: {
      publicKey: f.publicKey,
      role: f.role,
      officer: f.optional(f.officer),
      enroller: f.officer,
    },
    disclosure: {
      organisation: f.optional(f.uuid),
      store: f.optional(f.uuid),
      campaigns: f.optional(f.listOf(f.uuid, { min: 1, max: 50 })),
    },
    never: ['person'],
  },
  KeyApproved: {
    about: 'A second officer approved the key: it is entitled from the next leaf on.',
    public: { approver: f.officer },
  },
  KeyRevoked: {
    about: 'The key signs nothing after this leaf.',
    public: { officer: f.officer, reason: f.code },
  },
});

export type KeyEvent = EventsOf<typeof keyEvents>;
