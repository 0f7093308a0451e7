import type { EnrolledSigner, RefusalText, SignerView } from './concept.js';
import type { Role } from './fields.js';
import type { CommandSpec } from './table.js';

/** What the log knows of a key: its folded `key-…` stream, or a root officer's entry in the ledger's own stream. */
export interface KnownKey {
  readonly status: 'none' | 'proposed' | 'approved' | 'revoked';
  readonly role?: Role;
  readonly officer?: string;
  readonly organisation?: string;
  readonly store?: string;
  readonly campaigns?: readonly string[];
}

/**
 * One signature of a command. `holder`: the public key (base64) if the key is the voucher's holder, or the new one that a
 * claim names; whoever asks has compared its key id.
 */
export interface SignerToCheck {
  readonly keyId: string;
  readonly key: KnownKey;
  readonly holder?: string;
}

/** In order of precedence; they come before the refusals of the stream's own decider. All are L1. */
export const entitlementRefusals = {
  key_unknown: { level: 'L1', zh: '签名密钥没有登记。', en: 'The key that signed is not enrolled.' },
  key_not_approved: {
    level: 'L1',
    zh: '签名密钥尚未由第二名经办人批准。',
    en: 'The key that signed has not been approved by a second officer yet.',
  },
  key_revoked: { level: 'L1', zh: '签名密钥已吊销。', en: 'The key that signed was revoked.' },
  role_not_allowed: {
    level: 'L1',
    zh: '该密钥的角色不能执行此操作。',
    en: 'The role of the key does not allow this command.',
  },
  second_signature_missing: {
    level: 'L1',
    zh: '缺少第二个签名（持券人、工作人员或第二名经办人）。',
    en: 'A second signature is missing: the holder’s, a field worker’s or a second officer’s.',
  },
  too_many_signatures: { level: 'L1', zh: '签名过多。', en: 'There are more signatures than the command takes.' },
  same_officer: {
    level: 'L1',
    zh: '两个签名必须来自不同的经办人。',
    en: 'The two signatures must be of different officers.',
  },
  holder_key_wrong: {
    level: 'L1',
    zh: '第二个签名不是该券的持券密钥。',
    en: 'The second signature is not by the voucher’s holder key.',
  },
} as const satisfies Record<string, RefusalText>;

export type EntitlementRefusal = keyof typeof entitlementRefusals;

type Entry = Pick<CommandSpec, 'signatures' | 'roles'>;

const PRECEDENCE = Object.keys(entitlementRefusals) as EntitlementRefusal[];

/**
 * Who may give this command: the signatures must be those that the command's table entry asks for, by keys that were
 * approved, not revoked, and of a permitted role, at this point of the log. Signatures themselves are verified
 * elsewhere, and whether a redemption's second signer is the one that its `consent` names is the voucher's own rule.
 *
 * - `one`: a key of one of the command's roles. `two`: two such keys, of different officers.
 * - `roots`: at least two root keys, each of another officer. That all roots sign leaf 0 is the ledger's own rule.
 * - `holder`: a key of one of the roles, then the voucher's holder key or a field worker's, of another officer.
 * - `new-holder`: a key of one of the roles, then the new holder key.
 * - `policy`: nobody.
 */
export function entitle(
  spec: Entry,
  signers: readonly SignerToCheck[],
): readonly SignerView[] | { readonly refused: EntitlementRefusal } {
  const enrolled = signers.filter((signer) => signer.holder === undefined);
  const problems = new Set<EntitlementRefusal>();
  for (const [place, { key, holder }] of signers.entries()) {
    // Nobody knows the key of a former holder: that it is not the present one's is the telling answer.
    const isConsent = place === 1 && isConsented(spec);
    if (holder === undefined && key.status !== 'approved' && !(isConsent && key.status === 'none'))
      problems.add(PROBLEM_OF_STATUS[key.status]);
    if (!isConsent && !mayAct(spec, { key, holder })) problems.add('role_not_allowed');
  }
  const { least, most } = COUNTS[spec.signatures];
  if (signers.length < least) problems.add('second_signature_missing');
  if (signers.length > most) problems.add('too_many_signatures');
  if (haveOneOfficerTwice(enrolled)) problems.add('same_officer');
  if (isHolderMissing(spec, signers[1])) problems.add('holder_key_wrong');
  const first = PRECEDENCE.find((code) => problems.has(code));
  return first === undefined ? signers.map(viewOf) : { refused: first };
}

const PROBLEM_OF_STATUS = { none: 'key_unknown', proposed: 'key_not_approved', revoked: 'key_revoked' } as const;

const COUNTS = {
  policy: { least: 0, most: 0 },
  one: { least: 1, most: 1 },
  two: { least: 2, most: 2 },
  roots: { least: 2, most: Infinity },
  holder: { least: 2, most: 2 },
  'new-holder': { least: 2, most: 2 },
} as const;

function isConsented({ signatures }: Entry): boolean {
  return signatures === 'holder' || signatures === 'new-holder';
}

function mayAct({ roles }: Entry, { key, holder }: { readonly key: KnownKey; readonly holder: string | undefined }) {
  return holder === undefined && key.role !== undefined && roles.includes(key.role);
}

/** Keys without an officer are told apart by their ids: one key cannot be both signers. */
function haveOneOfficerTwice(signers: readonly SignerToCheck[]): boolean {
  const names = signers.map(({ key, keyId }) => key.officer ?? `key ${keyId}`);
  return new Set(names).size < names.length;
}

function isHolderMissing({ signatures }: Entry, second: SignerToCheck | undefined): boolean {
  if (second === undefined || second.holder !== undefined) return false;
  return signatures === 'new-holder' || (signatures === 'holder' && second.key.role !== 'worker');
}

function viewOf({ keyId, key, holder }: SignerToCheck): SignerView {
  if (holder !== undefined) return { kind: 'holder', publicKey: holder };
  const { role, officer, organisation, store, campaigns } = key;
  const view: EnrolledSigner = {
    kind: 'enrolled',
    keyId,
    role: role as Role,
    ...(officer === undefined ? {} : { officer }),
    ...(organisation === undefined ? {} : { organisation }),
    ...(store === undefined ? {} : { store }),
    ...(campaigns === undefined ? {} : { campaigns }),
  };
  return view;
}
