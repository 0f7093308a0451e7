import { base64DecodeOrThrow, base64Encode, MalformedInput } from '@aidtrail/envelope';
import { malformed } from './malformed.js';
import { policyTextOrThrow, type LogPolicy, type PolicyWitness, type QuorumRule } from './policy.js';
import { HASH_LENGTH } from './rfc6962.js';
import { formatVkey } from './vkey.js';

/** A comment for every other program; for ours it pins the ledger's opening, which no signature of a log can replace. */
const PIN = '# aidtrail-leaf0 ';
/** What is meant as a pin and misspelt must not silently pin nothing. */
const LIKE_A_PIN = /^\s*#\s*aidtrail[\s_-]*leaf/i;

/** Writes a policy that is read back the same; groups get names of their own. `leafZeroHash`: 32 bytes. */
export function formatPolicy(policy: LogPolicy, { leafZeroHash }: { readonly leafZeroHash?: Uint8Array } = {}): string {
  const { logs, witnesses, quorum } = policy;
  const groups = new GroupLines(witnesses);
  const named = groups.nameOf(quorum);
  const lines = [
    ...(leafZeroHash === undefined ? [] : [`${PIN}${base64Encode(leafZeroHash)}`]),
    ...logs.map(({ key, url }) => words('log', formatVkey(key), url)),
    ...witnesses.map(({ name, key, url }) => words('witness', name, formatVkey(key), url)),
    ...groups.lines,
    `quorum ${named}`,
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/**
 * Untrusted: `file`. The leaf hash of leaf 0 that a policy pins; undefined if it pins none. Throws MalformedInput for a pin
 * that is no hash, or a second one.
 */
export function pinnedLeafZeroOrThrow(file: string | Uint8Array): Uint8Array | undefined {
  const [pin, ...more] = policyTextOrThrow(file)
    .split('\n')
    .filter((line) => LIKE_A_PIN.test(line));
  if (pin === undefined) return undefined;
  if (!pin.startsWith(PIN)) throw malformed('policy', `the pin of leaf 0 is not of the form: ${PIN}<base64>`);
  if (more.length > 0) throw malformed('policy', 'leaf 0 is pinned twice');
  const hash = hashOf(pin.slice(PIN.length));
  if (hash?.length !== HASH_LENGTH)
    throw malformed('policy', `the pin of leaf 0 is not ${HASH_LENGTH} bytes in base64`);
  return hash;
}

/** More than half of the witnesses; the rule `none` for no witness. */
export function majorityOf(witnesses: readonly Pick<PolicyWitness, 'name'>[]): QuorumRule {
  const members = witnesses.map(({ name }): QuorumRule => ({ kind: 'witness', name }));
  const [only] = members;
  if (only === undefined) return { kind: 'none' };
  if (members.length === 1) return only;
  return { kind: 'group', threshold: Math.floor(members.length / 2) + 1, members };
}

/** Every group before the group that names it. */
class GroupLines {
  readonly lines: string[] = [];
  private readonly taken: Set<string>;

  constructor(witnesses: readonly PolicyWitness[]) {
    this.taken = new Set(witnesses.map(({ name }) => name));
  }

  nameOf(rule: QuorumRule): string {
    if (rule.kind === 'none') return 'none';
    if (rule.kind === 'witness') return rule.name;
    const members = rule.members.map((member) => this.nameOf(member));
    const name = this.freeName();
    this.lines.push(words('group', name, String(rule.threshold), ...members));
    return name;
  }

  private freeName(): string {
    for (let number = 1; ; number += 1) {
      const name = `group-${number}`;
      if (this.taken.has(name)) continue;
      this.taken.add(name);
      return name;
    }
  }
}

function words(...some: readonly (string | undefined)[]): string {
  return some.filter((word) => word !== undefined).join(' ');
}

function hashOf(text: string): Uint8Array | undefined {
  try {
    return base64DecodeOrThrow(text);
  } catch (error) {
    if (error instanceof MalformedInput) return undefined;
    throw error;
  }
}
