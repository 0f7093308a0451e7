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

/** One signature of a command. `holder`: the public key (base64) if the key is the voucher's (new) holder. */
export interface SignerToCheck {
  readonly keyId: string;
  readonly key: KnownKey;
  readonly holder?: string;
}

/** In order of precedence; they come before the refusals of the stream's own decider. All are L1. */
export const entitlementRefusals = {
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
    zh: '第二个签名不是该券持有人的密钥。',
    en: 'The second signature is not by the voucher’s holder key.',
  },
} as const satisfies Record<string, RefusalText>;

export type EntitlementRefusal = keyof typeof entitlementRefusals;

/**
 * Who may give this command: the signatures must be those that the command's table entry asks for, by keys that were
 * approved, not revoked, and of a permitted role, at this point of the log. Signatures themselves are verified elsewhere.
 */
export function entitle(
  spec: Pick<CommandSpec, 'signatures' | 'roles'>,
  signers: readonly SignerToCheck[],
): readonly SignerView[] | { readonly refused: EntitlementRefusal } {
  const [actor, second] = signers;
  if (actor === undefined) return { refused: 'second_signature_missing' };
  const enrolled = signers.filter((signer) => signer.holder === undefined);
  if (enrolled.some(({ key }) => key.status === 'none' || key.status === 'proposed')) {
    return { refused: 'key_not_approved' };
  }
  if (enrolled.some(({ key }) => key.status === 'revoked')) return { refused: 'key_revoked' };
  if (!mayAct(spec, actor)) return { refused: 'role_not_allowed' };
  const fault = secondPartyFault(spec, actor, second, signers.length);
  return fault === undefined ? signers.map(viewOf) : { refused: fault };
}

function mayAct(spec: Pick<CommandSpec, 'roles'>, { key, holder }: SignerToCheck): boolean {
  return holder === undefined && key.role !== undefined && spec.roles.includes(key.role);
}

function secondPartyFault(
  spec: Pick<CommandSpec, 'signatures' | 'roles'>,
  actor: SignerToCheck,
  second: SignerToCheck | undefined,
  count: number,
): EntitlementRefusal | undefined {
  switch (spec.signatures) {
    case 'policy':
      return 'too_many_signatures';
    case 'one':
      return count > 1 ? 'too_many_signatures' : undefined;
    case 'two':
    case 'roots':
      if (second === undefined) return 'second_signature_missing';
      if (spec.signatures === 'two' && count > 2) return 'too_many_signatures';
      if (!mayAct(spec, second)) return 'role_not_allowed';
      return actor.key.officer === second.key.officer ? 'same_officer' : undefined;
    case 'holder':
    case 'new-holder': {
      if (second === undefined) return 'second_signature_missing';
      if (count > 2) return 'too_many_signatures';
      const assisted = spec.signatures === 'holder' && second.holder === undefined && second.key.role === 'worker';
      return second.holder !== undefined || assisted ? undefined : 'holder_key_wrong';
    }
  }
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
