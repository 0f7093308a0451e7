import { join } from 'node:path';
import { bytesEqual, MalformedInput } from '@aidtrail/envelope';
import { readIfThere, replaceFile } from '@aidtrail/log-files';
import {
  formatPolicy,
  formatVkey,
  majorityOf,
  parseCosignerVkeyOrThrow,
  parsePolicyOrThrow,
  parseVkeyOrThrow,
  pinnedLeafZeroOrThrow,
  type LogPolicy,
  type PolicyWitness,
} from '@aidtrail/public-log';

/** What is wrong with the policy file or a witness that was named; the message says where and what to do. */
export class PolicyProblem extends Error {
  override readonly name = 'PolicyProblem';
}

export interface PolicyTerms {
  /** The ledger's own checkpoint key. */
  readonly checkpointVkey: string;
  /** The leaf hash of leaf 0, 32 bytes. */
  readonly leafZeroHash: Uint8Array;
}

/** Nobody is asked and nothing is waited for. */
export const NO_WITNESSES: LogPolicy = { logs: [], witnesses: [], quorum: { kind: 'none' } };

export function policyPath(dataDirectory: string): string {
  return join(dataDirectory, 'log-policy.txt');
}

/** Writes the policy of a new ledger: its key, its leaf 0, and more than half of the witnesses as the quorum. */
export async function writePolicy(
  dataDirectory: string,
  { checkpointVkey, leafZeroHash }: PolicyTerms,
  witnesses: readonly PolicyWitness[],
): Promise<void> {
  const logs = [{ key: parseVkeyOrThrow(checkpointVkey) }];
  const policy = { logs, witnesses, quorum: majorityOf(witnesses) };
  await replaceFile(policyPath(dataDirectory), formatPolicy(policy, { leafZeroHash }));
}

/**
 * The policy that this ledger asks for witnesses by; undefined if there is no file. Throws PolicyProblem unless it is a
 * policy of this ledger and of no other log, with addresses that can be asked, and pins no other leaf 0.
 */
export async function readPolicy(dataDirectory: string, terms: PolicyTerms): Promise<LogPolicy | undefined> {
  const path = policyPath(dataDirectory);
  const file = await readIfThere(path);
  if (file === undefined) return undefined;
  try {
    const policy = parsePolicyOrThrow(file);
    requireOwnLog(policy, terms.checkpointVkey);
    const pinned = pinnedLeafZeroOrThrow(file);
    if (pinned !== undefined && !bytesEqual(pinned, terms.leafZeroHash))
      throw new PolicyProblem('it pins another leaf 0 than this ledger has');
    for (const { name, url } of policy.witnesses)
      if (url !== undefined && !isAddress(url))
        throw new PolicyProblem(`the address of ${name} is no http or https URL`);
    return policy;
  } catch (error) {
    if (!(error instanceof MalformedInput) && !(error instanceof PolicyProblem)) throw error;
    throw new PolicyProblem(`${path} cannot be used: ${error.message}. Put it right and start again.`, {
      cause: error,
    });
  }
}

/**
 * Puts these witnesses into the policy of a ledger that is not being served, in the place of those that it had, with more
 * than half of them as the quorum. Throws PolicyProblem if there is no policy that could be used.
 */
export async function nameWitnesses(dataDirectory: string, witnesses: readonly PolicyWitness[]): Promise<void> {
  const file = await readIfThere(policyPath(dataDirectory));
  const [leafZeroHash, log] = file === undefined ? [] : [pinnedLeafZeroOrThrow(file), parsePolicyOrThrow(file).logs[0]];
  if (leafZeroHash === undefined || log === undefined)
    throw new PolicyProblem(`${policyPath(dataDirectory)} is not what \`aidtrail init\` writes.`);
  await writePolicy(dataDirectory, { checkpointVkey: formatVkey(log.key), leafZeroHash }, witnesses);
}

/** Reads `<name>=<vkey>@<url>`, as an operator names a witness. Throws PolicyProblem. */
export function parseWitnessArgumentOrThrow(text: string): PolicyWitness & { readonly url: string } {
  const [, name, vkey, url] = /^([^=\s]+)=([^\s]+?)@(https?:\/\/\S+)$/.exec(text) ?? [];
  if (name === undefined || vkey === undefined || url === undefined || !isAddress(url))
    throw new PolicyProblem('A witness is named as <name>=<vkey>@<url>, with the vkey that its operators gave.');
  try {
    return { name, key: parseCosignerVkeyOrThrow(vkey), url };
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error;
    throw new PolicyProblem(`The key of the witness ${name} cannot be used: ${error.message}.`, { cause: error });
  }
}

function requireOwnLog({ logs }: LogPolicy, checkpointVkey: string): void {
  const [own, ...others] = logs;
  if (own === undefined || others.length > 0 || formatVkey(own.key) !== checkpointVkey)
    throw new PolicyProblem(`its one log has to be this ledger's: log ${checkpointVkey}`);
}

function isAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
