import type { EnrolledSigner, RefusalText, SignerView } from './concept.js';
import { isRefusal, refuse, type Refusal } from './decider.js';
import type { Role } from './fields.js';
import type { CommandSpec } from './table.js';

/** A folded `key-…` stream; `KeyState` has this shape. */
export type KeyView =
  | { readonly status: 'none' }
  | {
      readonly status: 'proposed' | 'approved' | 'revoked';
      readonly role: Role;
      readonly officer?: string;
      readonly organisation?: string;
      readonly store?: string;
      readonly campaigns?: readonly string[];
    };

/** A root officer and the key (base64 of 32 bytes). */
export interface RootView {
  readonly officer: string;
  readonly publicKey: string;
}

/** The folded `ledger-main` stream; `LedgerState` has this shape. */
export type RootsView =
  | { readonly status: 'none' }
  | { readonly status: 'open'; readonly roots: readonly RootView[]; readonly formerRoots: readonly RootView[] };

/** A command as signed, and what the log knows about its signers. Whoever asks has verified the signatures. */
export interface SignedBy {
  readonly type: string;
  readonly spec: Pick<CommandSpec, 'signatures' | 'roles'>;
  readonly data: object;
  /** Key ids in the order of the signatures. */
  readonly keys: readonly string[];
  readonly ledger: RootsView;
  /** The folded stream `key-<id>`; undefined is the same as status `none`. */
  keyOf(keyId: string): KeyView | undefined;
  /** For `holder`: the holder key (base64) in the voucher's folded stream; absent if there is none. */
  readonly holder?: string;
  /** Key id (hex) of a public key (base64). */
  keyIdOf(publicKey: string): string;
}

/** In order of precedence: when several apply, the first is given. */
export const entitlementRefusals = {
  key_unknown: {
    level: 'L1',
    zh: '签名密钥没有登记。',
    en: 'A signing key is not enrolled, or a signature is missing.',
  },
  key_not_approved: { level: 'L1', zh: '签名密钥尚未通过审批。', en: 'A signing key has not been approved yet.' },
  key_revoked: { level: 'L1', zh: '签名密钥已经撤销。', en: 'A signing key has been revoked.' },
  role_not_allowed: {
    level: 'L1',
    zh: '签名密钥的角色无权发出此指令。',
    en: 'The role of a signing key does not allow this command.',
  },
  second_signature_missing: { level: 'L1', zh: '缺少其他签名。', en: 'Another signature is missing.' },
  too_many_signatures: { level: 'L1', zh: '签名过多。', en: 'There are more signatures than the command takes.' },
  same_officer: {
    level: 'L1',
    zh: '两个签名必须来自不同的经办人。',
    en: 'The signatures must be of different officers.',
  },
  holder_key_wrong: {
    level: 'L1',
    zh: '第二个签名不是持券人密钥所签。',
    en: 'The second signature is not of the holder’s key.',
  },
} as const satisfies Record<string, RefusalText>;

export type EntitlementRefusal = keyof typeof entitlementRefusals;

const PRECEDENCE = Object.keys(entitlementRefusals) as EntitlementRefusal[];

/** Who signs on behalf of an enrolled officer, and in which role; the rest of the keys are a holder's. */
interface Slot {
  readonly roles: readonly Role[];
}

/**
 * Whether the keys that signed a command may sign it, at this point of the log. Pure and checkable from public leaves;
 * organisation, store and campaigns of a signer are there only with disclosures.
 *
 * - `one`: a key of one of the command's roles. `two`: two such keys, of different officers.
 * - `roots`: two root keys of different officers; for OpenLedger the key of every root that it names, and no other.
 * - `holder`: a key of one of the roles, then the voucher's holder key; with `consent: "assisted"` a field worker's key
 *   instead, of another officer.
 * - `new-holder`: a key of one of the roles, then the key that `data.holder` names.
 * - `policy`: nobody. Signing such a command is refused with `role_not_allowed`.
 */
export function entitledSigners(command: SignedBy): readonly SignerView[] | Refusal<EntitlementRefusal> {
  const { spec, keys } = command;
  if (spec.signatures === 'policy') return keys.length === 0 ? [] : refuse('role_not_allowed');
  const opening = command.type === 'OpenLedger' ? rootsIn(command.data) : undefined;
  const holder = holderOf(command);
  const slots = slotsOf(command, opening?.length ?? 2);
  const wanted = slots.length + (holder === undefined ? 0 : 1);
  const known = slots.slice(0, Math.max(keys.length, 1)).map(({ roles }, place) => {
    const key = keys[place];
    return key === undefined ? refuse('key_unknown' as const) : signerOf(command, key, { roles, opening });
  });
  const problems = known.filter((view) => isRefusal<EntitlementRefusal>(view)).map(({ refused }) => refused);
  const signers = known.filter((view) => !isRefusal(view)) as EnrolledSigner[];
  if (keys.length < wanted) problems.push('second_signature_missing');
  if (keys.length > wanted) problems.push('too_many_signatures');
  if (haveOneOfficerTwice(signers)) problems.push('same_officer');
  if (holder !== undefined && keys.length > slots.length && !isKeyOf(command, holder, keys[slots.length]))
    problems.push('holder_key_wrong');
  const first = PRECEDENCE.find((code) => problems.includes(code));
  if (first !== undefined) return refuse(first);
  return holder === undefined ? signers : [...signers, { kind: 'holder', publicKey: holder.publicKey ?? '' }];
}

function slotsOf({ spec, data }: SignedBy, roots: number): readonly Slot[] {
  const first = { roles: spec.roles };
  switch (spec.signatures) {
    case 'roots':
      return Array.from({ length: roots }, () => ({ roles: ['root'] as const }));
    case 'two':
      return [first, first];
    case 'holder':
      return isAssisted(data) ? [first, { roles: ['worker'] }] : [first];
    case 'one':
    case 'new-holder':
      return [first];
    case 'policy':
      return [];
  }
}

/** Undefined if no holder has to sign; otherwise the public key that must have, absent if the log knows none. */
function holderOf({ spec, data, holder }: SignedBy): { readonly publicKey?: string } | undefined {
  if (spec.signatures === 'new-holder') return 'holder' in data ? { publicKey: String(data.holder) } : {};
  if (spec.signatures !== 'holder' || isAssisted(data)) return undefined;
  return holder === undefined ? {} : { publicKey: holder };
}

function isAssisted(data: object): boolean {
  return 'consent' in data && data.consent === 'assisted';
}

function isKeyOf(command: SignedBy, { publicKey }: { readonly publicKey?: string }, key: string | undefined): boolean {
  return publicKey !== undefined && command.keyIdOf(publicKey) === key;
}

function signerOf(
  command: SignedBy,
  keyId: string,
  { roles, opening }: Slot & { readonly opening: readonly RootView[] | undefined },
): EnrolledSigner | Refusal<EntitlementRefusal> {
  const key = keyViewOf(command, keyId, opening);
  if (key.status === 'none') return refuse('key_unknown');
  if (key.status === 'proposed') return refuse('key_not_approved');
  if (key.status === 'revoked') return refuse('key_revoked');
  if (!roles.includes(key.role)) return refuse('role_not_allowed');
  const { role, officer, organisation, store, campaigns } = key;
  return {
    kind: 'enrolled',
    keyId,
    role,
    ...(officer === undefined ? {} : { officer }),
    ...(organisation === undefined ? {} : { organisation }),
    ...(store === undefined ? {} : { store }),
    ...(campaigns === undefined ? {} : { campaigns }),
  };
}

/** Roots stand in the ledger's own stream (for leaf 0 in the command itself), all other keys in one of their own. */
function keyViewOf(command: SignedBy, keyId: string, opening: readonly RootView[] | undefined): KeyView {
  const { ledger, keyIdOf } = command;
  const rootAmong = (roots: readonly RootView[]) => roots.find(({ publicKey }) => keyIdOf(publicKey) === keyId);
  const rootOf = (officer: string, status: 'approved' | 'revoked'): KeyView => ({ status, role: 'root', officer });
  if (opening !== undefined) {
    const root = rootAmong(opening);
    return root === undefined ? { status: 'none' } : rootOf(root.officer, 'approved');
  }
  const enrolled = command.keyOf(keyId);
  if (enrolled !== undefined && enrolled.status !== 'none') return enrolled;
  if (ledger.status === 'none') return { status: 'none' };
  const root = rootAmong(ledger.roots);
  if (root !== undefined) return rootOf(root.officer, 'approved');
  const former = rootAmong(ledger.formerRoots);
  return former === undefined ? { status: 'none' } : rootOf(former.officer, 'revoked');
}

function rootsIn(data: object): readonly RootView[] {
  return 'roots' in data && Array.isArray(data.roots) ? (data.roots as readonly RootView[]) : [];
}

/** Keys without an officer are told apart by their ids: one key cannot be both signers. */
function haveOneOfficerTwice(signers: readonly EnrolledSigner[]): boolean {
  const names = signers.map(({ officer, keyId }) => officer ?? `key ${keyId}`);
  return new Set(names).size < names.length;
}
