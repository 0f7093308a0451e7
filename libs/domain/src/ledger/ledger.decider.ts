import type { Concept, Context, RefusalText } from '../kernel/concept.js';
import { isCalendarDay } from '../kernel/days.js';
import { refuse, type Fact, type FactRequest, type Recorded, type Refusal } from '../kernel/decider.js';
import { keyIdOf } from '../kernel/key-id.js';
import { officerOf } from '../kernel/signers.js';
import type { OfType } from '../kernel/table.js';
import { ledgerCommands, type LedgerCommand } from './ledger.commands.js';
import { ledgerEvents, type LedgerEvent } from './ledger.events.js';

type Opened = OfType<LedgerEvent, 'LedgerOpened'>['data'];

export interface RootKey {
  readonly officer: string;
  /** base64 of 32 bytes */
  readonly publicKey: string;
}

export type LedgerState =
  | { readonly status: 'none' }
  | (Omit<Opened, 'roots' | 'demo'> & {
      readonly status: 'open';
      /** The keys that root officers sign with now. */
      readonly roots: readonly RootKey[];
      /** Replaced ones: they sign nothing, and are never used again. */
      readonly formerRoots: readonly RootKey[];
      readonly formerEventKeys: readonly string[];
      readonly demo: boolean;
    });

type Open = Exclude<LedgerState, { status: 'none' }>;

export interface LedgerFacts {
  readonly context: Context;
  /** The stream of the new key, for the rotations: it must not exist. */
  readonly key?: Fact<{ readonly status: string }>;
}

/** In order of precedence: what exists, who signs, which keys, which day. */
export const ledgerRefusals = {
  ledger_exists: { level: 'L1', zh: '账本已经开立。', en: 'The ledger is open already.' },
  ledger_not_open: { level: 'L1', zh: '账本尚未开立。', en: 'The ledger is not open yet.' },
  root_officers_not_distinct: {
    level: 'L1',
    zh: '根密钥必须分属不同的经办人。',
    en: 'Each root key must belong to a different officer.',
  },
  root_signature_missing: {
    level: 'L1',
    zh: '开立账本须由每一位根经办人签名。',
    en: 'Every root officer must sign the opening.',
  },
  two_roots_needed: {
    level: 'L1',
    zh: '更换密钥需要两名不同的根经办人签名。',
    en: 'Two different root officers must sign a rotation.',
  },
  root_officer_unknown: { level: 'L1', zh: '没有这名根经办人。', en: 'There is no such root officer.' },
  key_in_use: {
    level: 'L1',
    zh: '该公钥正在使用或曾经使用。',
    en: 'This public key is, or has been, in use.',
  },
  day_not_in_calendar: { level: 'L1', zh: '日历中没有这一天。', en: 'The calendar has no such day.' },
} as const satisfies Record<string, RefusalText>;

export type LedgerRefusal = keyof typeof ledgerRefusals;
type Decision = readonly LedgerEvent[] | Refusal<LedgerRefusal>;

/** The ledger itself: leaf 0, its root officers, the key that signs its events. */
export const ledgerConcept = {
  category: 'ledger',
  events: ledgerEvents,
  commands: ledgerCommands,
  refusals: ledgerRefusals,
  decider: { initial: { status: 'none' }, decide: decideLedger, evolve: evolveLedger },
  streamOf: () => 'ledger-main',
  needs: ledgerNeeds,
} satisfies Concept<'ledger', LedgerState, LedgerCommand, LedgerFacts, LedgerEvent, LedgerRefusal>;

function ledgerNeeds(command: LedgerCommand): readonly FactRequest[] {
  if (command.type === 'OpenLedger') return [];
  return [{ name: 'key', stream: `key-${keyIdOf(command.data.publicKey)}` }];
}

function decideLedger(command: LedgerCommand, state: LedgerState, facts: LedgerFacts): Decision {
  if (command.type === 'OpenLedger')
    return state.status === 'none' ? open(command.data, facts.context) : refuse('ledger_exists');
  if (state.status === 'none') return refuse('ledger_not_open');
  if (!isSignedByTwoRoots(facts.context)) return refuse('two_roots_needed');
  const { publicKey } = command.data;
  const isEnrolled = facts.key !== undefined && facts.key.state.status !== 'none';
  if (command.type === 'RotateEventKey') {
    if (publicKey === state.eventKey) return [];
    if (isEnrolled || isLedgerKey(state, publicKey)) return refuse('key_in_use');
    return [{ type: 'EventKeyRotated', data: { formerKey: state.eventKey, publicKey } }];
  }
  const { officer } = command.data;
  const root = state.roots.find((known) => known.officer === officer);
  if (root === undefined) return refuse('root_officer_unknown');
  if (publicKey === root.publicKey) return [];
  if (isEnrolled || isLedgerKey(state, publicKey)) return refuse('key_in_use');
  return [{ type: 'RootKeyRotated', data: { officer, formerKey: root.publicKey, publicKey } }];
}

function open(data: Opened, context: Context): Decision {
  const officers = new Set(data.roots.map(({ officer }) => officer));
  const keys = new Set([data.eventKey, ...data.roots.map(({ publicKey }) => publicKey)]);
  const signedBy = new Set(context.signers.map(officerOf));
  if (officers.size < data.roots.length) return refuse('root_officers_not_distinct');
  if ([...officers].some((officer) => !signedBy.has(officer))) return refuse('root_signature_missing');
  if (keys.size <= data.roots.length) return refuse('key_in_use');
  if (!isCalendarDay(data.openingDay)) return refuse('day_not_in_calendar');
  return [{ type: 'LedgerOpened', data }];
}

function isSignedByTwoRoots({ signers }: Context): boolean {
  const roots = signers.filter((signer) => signer.kind === 'enrolled' && signer.role === 'root');
  return new Set(roots.map(officerOf).filter((officer) => officer !== undefined)).size >= 2;
}

/** True for every key that the ledger signs or signed with, and for every root key, also a replaced one. */
export function isLedgerKey(state: Open, publicKey: string): boolean {
  return (
    publicKey === state.eventKey ||
    state.formerEventKeys.includes(publicKey) ||
    [...state.roots, ...state.formerRoots].some((root) => root.publicKey === publicKey)
  );
}

function evolveLedger(state: LedgerState, { type, data }: Recorded<LedgerEvent>): LedgerState {
  if (type === 'LedgerOpened') {
    if (state.status !== 'none') return state;
    return { ...data, status: 'open', formerRoots: [], formerEventKeys: [], demo: data.demo ?? false };
  }
  if (state.status === 'none') return state;
  const { formerKey, publicKey } = data;
  if (type === 'EventKeyRotated')
    return { ...state, eventKey: publicKey, formerEventKeys: [...state.formerEventKeys, formerKey] };
  const { officer } = data;
  return {
    ...state,
    roots: state.roots.map((root) => (root.officer === officer ? { officer, publicKey } : root)),
    formerRoots: [...state.formerRoots, { officer, publicKey: formerKey }],
  };
}
