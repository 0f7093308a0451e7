import type { Context, RefusalText, SignerView } from './concept.js';

/** The officer pseudonym of a signer; two-person rules compare these and never key ids. */
export function officerOf(signer: SignerView | undefined): string | undefined {
  return signer?.kind === 'enrolled' ? signer.officer : undefined;
}

/** The pseudonym of whoever gave the command. */
export function actingOfficer(context: Context): string | undefined {
  return officerOf(context.signers[0]);
}

/** The pseudonyms of the first two signers; undefined unless they are two different officers. */
export function twoOfficers(
  context: Context,
): { readonly officer: string; readonly secondOfficer: string } | undefined {
  const officer = officerOf(context.signers[0]);
  const secondOfficer = officerOf(context.signers[1]);
  if (officer === undefined || secondOfficer === undefined || officer === secondOfficer) return undefined;
  return { officer, secondOfficer };
}

export const officerMissing = {
  level: 'L1',
  zh: '签名密钥没有登记经办人代号。',
  en: 'The signing key has no officer pseudonym.',
} as const satisfies RefusalText;

export const secondOfficerMissing = {
  level: 'L1',
  zh: '需要两名不同的经办人签名。',
  en: 'Two different officers must sign.',
} as const satisfies RefusalText;
