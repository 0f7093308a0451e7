import { exampleBase64, exampleUuid } from '../kernel/examples.js';
import { keyIdOf } from '../kernel/key-id.js';
import type { OfType } from '../kernel/table.js';
import type { KeyCommand } from './key.commands.js';
import type { KeyEvent } from './key.events.js';

/** A till's key. */
export const examplePublicKey = exampleBase64(30);
const exampleTillPlace = { organisation: exampleUuid(0x118), store: exampleUuid(0x119) };

type EventData<K extends KeyEvent['type']> = Partial<OfType<KeyEvent, K>['data']>;
type CommandData<K extends KeyCommand['type']> = Partial<OfType<KeyCommand, K>['data']>;

/** A valid event of each type; fields may be given. */
export const keyEventExamples = {
  KeyEnrolled: (data: EventData<'KeyEnrolled'> = {}): OfType<KeyEvent, 'KeyEnrolled'> => ({
    type: 'KeyEnrolled',
    data: { publicKey: examplePublicKey, role: 'till', enroller: 'programme-zhao', ...data },
    private: exampleTillPlace,
  }),
  KeyApproved: (data: EventData<'KeyApproved'> = {}): OfType<KeyEvent, 'KeyApproved'> => ({
    type: 'KeyApproved',
    data: { approver: 'finance-li', ...data },
  }),
  KeyRevoked: (data: EventData<'KeyRevoked'> = {}): OfType<KeyEvent, 'KeyRevoked'> => ({
    type: 'KeyRevoked',
    data: { officer: 'programme-zhao', reason: 'device-lost', ...data },
  }),
};

/** A valid command of each type; fields may be given. */
export const keyCommandExamples = {
  EnrollKey: (data: CommandData<'EnrollKey'> = {}): OfType<KeyCommand, 'EnrollKey'> => ({
    type: 'EnrollKey',
    id: exampleUuid(0x371),
    data: { publicKey: examplePublicKey, role: 'till', ...data },
    private: exampleTillPlace,
  }),
  ApproveKey: (data: CommandData<'ApproveKey'> = {}): OfType<KeyCommand, 'ApproveKey'> => ({
    type: 'ApproveKey',
    id: exampleUuid(0x372),
    data: { key: keyIdOf(examplePublicKey), ...data },
  }),
  RevokeKey: (data: CommandData<'RevokeKey'> = {}): OfType<KeyCommand, 'RevokeKey'> => ({
    type: 'RevokeKey',
    id: exampleUuid(0x373),
    data: { key: keyIdOf(examplePublicKey), reason: 'device-lost', ...data },
  }),
};
