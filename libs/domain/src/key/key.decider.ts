import type { Concept, Context, RefusalText } from '../kernel/concept.js';
import { refuse, type Fact, type Recorded, type Refusal } from '../kernel/decider.js';
import type { Role } from '../kernel/fields.js';
import { keyIdOf } from '../kernel/key-id.js';
import { actingOfficer, officerMissing } from '../kernel/signers.js';
import type { OfType } from '../kernel/table.js';
import { isLedgerKey, type LedgerState } from '../ledger/ledger.decider.js';
import { keyCommands, type KeyCommand } from './key.commands.js';
import { keyEvents, type KeyEvent } from './key.events.js';

type Ask<K extends KeyCommand['type']> = OfType<KeyCommand, K>;

/** Organisation, store and campaigns are absent without disclosures; absent campaigns otherwise mean "every one". */
export type KeyState =
  | { readonly status: 'none' }
  | {
      readonly status: 'proposed' | 'approved' | 'revoked';
      /** base64 of 32 bytes */
      readonly publicKey: string;
      readonly role: Role;
      /** The owner's pseudonym. */
      readonly officer?: string;
      readonly enroller: string;
      readonly organisation?: string;
      readonly store?: string;
      readonly campaigns?: readonly string[];
    };

export interface KeyFacts {
  readonly context: Context;
  /** For EnrollKey: the ledger's own keys serve nothing else. */
  readonly ledger?: Fact<LedgerState>;
}

/** In order of precedence: what exists, who asks, which role, who may not be the same. */
export const keyRefusals = {
  key_already_enrolled: {
    level: 'L1',
    zh: '该公钥已经登记过。',
    en: 'This public key has been enrolled before.',
  },
  key_not_enrolled: { level: 'L1', zh: '该密钥没有登记。', en: 'The key to act on is not enrolled.' },
  key_already_revoked: { level: 'L1', zh: '该密钥已经吊销。', en: 'The key to act on has been revoked.' },
  officer_missing: officerMissing,
  role_reserved_to_roots: {
    level: 'L1',
    zh: '该角色的密钥只能由根经办人登记、审批或吊销。',
    en: 'Only root officers deal with keys of this role.',
  },
  owner_missing: {
    level: 'L1',
    zh: '经办人和工作人员的密钥必须登记经办人代号。',
    en: 'A staff key must name the pseudonym of its owner.',
  },
  store_missing: {
    level: 'L2',
    zh: '收银终端的密钥必须登记商户和门店。',
    en: 'A till’s key must name its merchant and store.',
  },
  enroller_is_owner: { level: 'L1', zh: '任何人不能登记自己的密钥。', en: 'Nobody enrols a key of their own.' },
  approver_is_enroller: {
    level: 'L1',
    zh: '登记人不能审批自己登记的密钥。',
    en: 'Whoever enrolled the key cannot approve it.',
  },
  approver_is_owner: { level: 'L1', zh: '任何人不能审批自己的密钥。', en: 'The owner of a key cannot approve it.' },
} as const satisfies Record<string, RefusalText>;

export type KeyRefusal = keyof typeof keyRefusals;
type Decision = readonly KeyEvent[] | Refusal<KeyRefusal>;

/** Roles that people hold, who sign in their own name. */
const STAFF: ReadonlySet<Role> = new Set<Role>(['root', 'programme', 'finance', 'registrar', 'worker']);
/** Roles that a programme officer may give and take; all others are for roots. */
const OF_PROGRAMMES: ReadonlySet<Role> = new Set<Role>(['worker', 'till', 'channel']);

/** A public key and what it may sign: enrolled by one officer, approved by another, revoked for good. */
export const keyConcept = {
  category: 'key',
  events: keyEvents,
  commands: keyCommands,
  refusals: keyRefusals,
  decider: { initial: { status: 'none' }, decide: decideKey, evolve: evolveKey },
  streamOf: (command) => `key-${command.type === 'EnrollKey' ? keyIdOf(command.data.publicKey) : command.data.key}`,
  needs: (command) => (command.type === 'EnrollKey' ? [{ name: 'ledger', stream: 'ledger-main' }] : []),
} satisfies Concept<'key', KeyState, KeyCommand, KeyFacts, KeyEvent, KeyRefusal>;

function decideKey(command: KeyCommand, state: KeyState, facts: KeyFacts): Decision {
  switch (command.type) {
    case 'EnrollKey':
      return enroll(command, state, facts);
    case 'ApproveKey':
      return approve(state, facts.context);
    case 'RevokeKey':
      return revoke(command, state, facts.context);
  }
}

function enroll(command: Ask<'EnrollKey'>, state: KeyState, { context, ledger }: KeyFacts): Decision {
  const { publicKey, role, officer } = command.data;
  // A public audit folds and decides without disclosures, whatever the type says.
  const disclosed = command.private as Ask<'EnrollKey'>['private'] | undefined;
  const enroller = actingOfficer(context);
  if (state.status !== 'none' || isKeyOfLedger(ledger, publicKey)) return refuse('key_already_enrolled');
  if (enroller === undefined) return refuse('officer_missing');
  if (!mayDealWith(role, context)) return refuse('role_reserved_to_roots');
  if (STAFF.has(role) && officer === undefined) return refuse('owner_missing');
  if (role === 'till' && disclosed !== undefined && !isPlaced(disclosed)) return refuse('store_missing');
  if (officer === enroller) return refuse('enroller_is_owner');
  return [
    {
      type: 'KeyEnrolled',
      data: { publicKey, role, ...(officer === undefined ? {} : { officer }), enroller },
      ...(disclosed === undefined ? {} : { private: disclosed }),
    },
  ];
}

function approve(state: KeyState, context: Context): Decision {
  const approver = actingOfficer(context);
  if (state.status === 'none') return refuse('key_not_enrolled');
  if (state.status === 'revoked') return refuse('key_already_revoked');
  if (approver === undefined) return refuse('officer_missing');
  // Two roots make a root, as two roots replace one; every other role is approved by any second officer.
  if (state.role === 'root' && !isRoot(context)) return refuse('role_reserved_to_roots');
  if (approver === state.enroller) return refuse('approver_is_enroller');
  if (approver === state.officer) return refuse('approver_is_owner');
  return state.status === 'approved' ? [] : [{ type: 'KeyApproved', data: { approver } }];
}

function revoke({ data }: Ask<'RevokeKey'>, state: KeyState, context: Context): Decision {
  const officer = actingOfficer(context);
  if (state.status === 'none') return refuse('key_not_enrolled');
  if (officer === undefined) return refuse('officer_missing');
  if (!mayDealWith(state.role, context)) return refuse('role_reserved_to_roots');
  return state.status === 'revoked' ? [] : [{ type: 'KeyRevoked', data: { officer, reason: data.reason } }];
}

function isPlaced({ organisation, store }: Ask<'EnrollKey'>['private']): boolean {
  return organisation !== undefined && store !== undefined;
}

function mayDealWith(role: Role, context: Context): boolean {
  return isRoot(context) || OF_PROGRAMMES.has(role);
}

function isRoot({ signers }: Context): boolean {
  return signers[0]?.kind === 'enrolled' && signers[0].role === 'root';
}

function isKeyOfLedger(ledger: KeyFacts['ledger'], publicKey: string): boolean {
  return ledger !== undefined && ledger.state.status !== 'none' && isLedgerKey(ledger.state, publicKey);
}

function evolveKey(state: KeyState, event: Recorded<KeyEvent>): KeyState {
  if (event.type === 'KeyEnrolled')
    return state.status === 'none' ? { status: 'proposed', ...event.data, ...event.private } : state;
  // Revoked is final, also in a log that says otherwise.
  if (state.status === 'none' || state.status === 'revoked') return state;
  return { ...state, status: event.type === 'KeyRevoked' ? 'revoked' : 'approved' };
}
