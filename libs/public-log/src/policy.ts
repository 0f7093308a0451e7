import { hexEncode, utf8DecodeOrThrow, type Ed25519Verifier } from '@aidtrail/envelope';
import { parseCheckpointOrThrow, type ParsedCheckpoint } from './checkpoint.js';
import { parseCosignature } from './cosignature.js';
import { parseDecimal } from './decimal.js';
import { malformed } from './malformed.js';
import { NoteRejected, openNoteOrThrow, parseNoteOrThrow } from './signed-note.js';
import { parseCosignerVkeyOrThrow, parseVkeyOrThrow, type NoteKey } from './vkey.js';

/** Whom a verifier trusts: C2SP tlog-policy. */
export interface LogPolicy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly quorum: QuorumRule;
}

export interface PolicyLog {
  /** Its name is the log's origin. */
  readonly key: NoteKey;
  readonly url?: string;
}

export interface PolicyWitness {
  /** Its name within the policy; in notes it stands under the name of its key. */
  readonly name: string;
  readonly key: NoteKey;
  /** The submission prefix of tlog-witness. */
  readonly url?: string;
}

/** What has to have cosigned a checkpoint. */
export type QuorumRule =
  | { readonly kind: 'none' }
  | { readonly kind: 'witness'; readonly name: string }
  | { readonly kind: 'group'; readonly threshold: number; readonly members: readonly QuorumRule[] };

/** A checkpoint that a policy accepts. */
export interface WitnessedCheckpoint {
  readonly checkpoint: ParsedCheckpoint;
  /** The note's text, exactly. */
  readonly text: string;
  readonly cosignedBy: readonly { readonly witness: string; readonly time: number }[];
}

/**
 * Untrusted: `note`. The checkpoint, if a log of the policy signed it and its quorum of witnesses cosigned it. Throws
 * MalformedInput, or NoteRejected: a known key's signature is wrong, no log of the policy signed it, or the quorum is not
 * met.
 */
export function openWitnessedCheckpointOrThrow(
  note: string | Uint8Array,
  policy: LogPolicy,
  verifier: Ed25519Verifier,
): WitnessedCheckpoint {
  const { origin } = parseCheckpointOrThrow(parseNoteOrThrow(note).text);
  const log = policy.logs.find(({ key }) => key.name === origin);
  if (log === undefined) throw new NoteRejected('no_known_signature');
  const keys = [log.key, ...policy.witnesses.map(({ key }) => key)];
  const { text, verified } = openNoteOrThrow(note, keys, verifier);
  const timeOf = ({ name, keyId }: NoteKey): number | undefined => {
    const line = verified.find((one) => one.name === name && one.keyId === keyId);
    return line && parseCosignature(line.signature)?.time;
  };
  if (!verified.some(({ name, keyId }) => name === log.key.name && keyId === log.key.keyId))
    throw new NoteRejected('no_known_signature');
  const cosignedBy = policy.witnesses.flatMap(({ name, key }) => {
    const time = timeOf(key);
    return time === undefined ? [] : [{ witness: name, time }];
  });
  const cosigned = new Set(cosignedBy.map(({ witness }) => witness));
  if (!isQuorum(policy.quorum, cosigned)) throw new NoteRejected('quorum_not_met');
  return { checkpoint: parseCheckpointOrThrow(text), text, cosignedBy };
}

/** Whether the witnesses of these names, all of whom have cosigned, are enough. */
export function isQuorum(rule: QuorumRule, cosigned: ReadonlySet<string>): boolean {
  switch (rule.kind) {
    case 'none':
      return true;
    case 'witness':
      return cosigned.has(rule.name);
    case 'group':
      return rule.members.filter((member) => isQuorum(member, cosigned)).length >= rule.threshold;
  }
}

/**
 * Untrusted: `file`. Reads a policy; throws MalformedInput with the number of the line. Stricter than C2SP in two things:
 * the file has to be UTF-8, and no witness has the key of a log. Names are compared as they are written, without normalisation.
 */
export function parsePolicyOrThrow(file: string | Uint8Array): LogPolicy {
  const lines = policyTextOrThrow(file).split('\n');
  if (lines.pop() !== '') throw malformed('policy', 'no newline at the end');
  const reader = new PolicyReader();
  lines.forEach((line, i) => {
    try {
      reader.read(line);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw malformed('policy', `line ${i + 1}: ${error.message}`);
    }
  });
  return reader.policyOrThrow();
}

/** Untrusted: `file`. Its text; throws MalformedInput for what editors do to a file, which would be hard to see in a line. */
export function policyTextOrThrow(file: string | Uint8Array): string {
  const text = typeof file === 'string' ? file : utf8DecodeOrThrow(file);
  if (text.startsWith('\uFEFF'))
    throw malformed('policy', 'it begins with a byte order mark; save it as UTF-8 without one');
  if (text.includes('\r'))
    throw malformed('policy', 'its lines end as on Windows (CR LF); save it with line ends of LF alone');
  return text;
}

class PolicyReader {
  private readonly logs: PolicyLog[] = [];
  private readonly witnesses: PolicyWitness[] = [];
  private readonly named = new Map<string, QuorumRule>();
  private readonly members = new Set<string>();
  private readonly logKeys = new Set<string>();
  private readonly witnessKeys = new Set<string>();
  private quorum: QuorumRule | undefined;

  read(line: string): void {
    // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) throw new Error('a control character');
    const [keyword, ...items] = line.split(/[ \t]+/).filter((item) => item !== '');
    if (keyword === undefined || keyword.startsWith('#')) return;
    switch (keyword) {
      case 'log':
        return this.readLog(items);
      case 'witness':
        return this.readWitness(items);
      case 'group':
        return this.readGroup(items);
      case 'quorum':
        return this.readQuorum(items);
      default:
        throw new Error('it begins with none of log, witness, group and quorum');
    }
  }

  policyOrThrow(): LogPolicy {
    if (this.quorum === undefined) throw malformed('policy', 'no quorum line');
    return { logs: this.logs, witnesses: this.witnesses, quorum: this.quorum };
  }

  private readLog([vkey, url, ...more]: readonly string[]): void {
    if (vkey === undefined || more.length > 0) throw new Error('not of the form: log <vkey> [<url>]');
    const key = parseVkeyOrThrow(vkey);
    claimOnce(this.logKeys, hexEncode(key.publicKey), 'a log with this key stands above');
    if (this.witnessKeys.has(hexEncode(key.publicKey))) throw new Error(OWN_WITNESS);
    this.logs.push({ key, ...(url === undefined ? {} : { url }) });
  }

  private readWitness([name, vkey, url, ...more]: readonly string[]): void {
    if (name === undefined || vkey === undefined || more.length > 0)
      throw new Error('not of the form: witness <name> <vkey> [<url>]');
    const key = parseCosignerVkeyOrThrow(vkey);
    claimOnce(this.witnessKeys, hexEncode(key.publicKey), 'a witness with this key stands above');
    if (this.logKeys.has(hexEncode(key.publicKey))) throw new Error(OWN_WITNESS);
    this.define(name, { kind: 'witness', name });
    this.witnesses.push({ name, key, ...(url === undefined ? {} : { url }) });
  }

  private readGroup([name, threshold, ...names]: readonly string[]): void {
    if (name === undefined || threshold === undefined || names.length === 0)
      throw new Error('not of the form: group <name> <k|any|all> <member>…');
    const members = names.map((member) => this.lookUp(member));
    for (const member of names) claimOnce(this.members, member, 'a member of another group, or named twice');
    this.define(name, { kind: 'group', threshold: thresholdOrThrow(threshold, members.length), members });
  }

  private readQuorum([name, ...more]: readonly string[]): void {
    if (name === undefined || more.length > 0) throw new Error('not of the form: quorum <name|none>');
    if (this.quorum !== undefined) throw new Error('a second quorum');
    this.quorum = name === 'none' ? { kind: 'none' } : this.lookUp(name);
  }

  private define(name: string, rule: QuorumRule): void {
    if (name === 'none' || this.named.has(name)) throw new Error('the name is taken');
    this.named.set(name, rule);
  }

  private lookUp(name: string): QuorumRule {
    const rule = this.named.get(name);
    if (rule === undefined) throw new Error('it names a witness or group that does not stand above');
    return rule;
  }
}

const OWN_WITNESS = 'one key for a log and a witness: a log cannot witness itself';

function thresholdOrThrow(text: string, members: number): number {
  if (text === 'any') return 1;
  if (text === 'all') return members;
  const threshold = parseDecimal(text);
  if (threshold === undefined || threshold < 1 || threshold > members)
    throw new Error(`the threshold is not any, all or a number from 1 to ${members}`);
  return threshold;
}

function claimOnce(taken: Set<string>, one: string, otherwise: string): void {
  if (taken.has(one)) throw new Error(otherwise);
  taken.add(one);
}
