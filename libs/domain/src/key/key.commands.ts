import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';

export const keyCommands = defineCommands({
  EnrollKey: {
    about: 'Proposes a public key for a role. Roots enrol any role; programme officers enrol worker, till, channel.',
    public: { publicKey: f.publicKey, role: f.role, officer: f.optional(f.officer) },
    disclosure: {
      organisation: f.optional(f.uuid),
      store: f.optional(f.uuid),
      campaigns: f.optional(f.listOf(f.uuid, { min: 1, max: 50 })),
    },
    signatures: 'one',
    roles: ['root', 'programme'],
  },
  ApproveKey: {
    about: 'A second officer, neither the enroller nor the owner, approves the key.',
    public: { key: f.keyId },
    signatures: 'one',
    roles: ['root', 'programme', 'finance'],
  },
  RevokeKey: {
    about: 'Ends a key. Any officer who could have enrolled it may revoke it.',
    public: { key: f.keyId, reason: f.code },
    signatures: 'one',
    roles: ['root', 'programme'],
  },
});

export type KeyCommand = CommandsOf<typeof keyCommands>;
