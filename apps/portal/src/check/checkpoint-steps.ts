import { base64Encode, bytesEqual, MalformedInput, sha256, type Ed25519Verifier } from '@aidtrail/envelope';
import {
  canBeElsewhere,
  createTreeHasher,
  formatVkey,
  isQuorum,
  NoteRejected,
  openCheckpointOrThrow,
  openWitnessedCheckpointOrThrow,
  parsePolicyOrThrow,
  proveConsistencyOrThrow,
  type LogPolicy,
  type ParsedCheckpoint,
} from '@aidtrail/public-log';
import { LogUnreachable, type ReadFile } from './read-log.js';
import { step, type Detail, type Step } from './step.js';

export const hasher = createTreeHasher(sha256);

/** What was seen of a log before, in this browser. */
export interface Seen {
  /** The signed note, as it was. */
  readonly note: string;
  /** When, by this device's clock; only to be shown. */
  readonly at: string;
}

/** The steps so far, and what the later ones rest on: undefined if they cannot go on. */
export interface Reached<T> {
  readonly steps: readonly Step[];
  readonly value: T | undefined;
}

export interface PolicyFile {
  readonly text: string;
  readonly outcome: 'first' | 'same' | 'own' | 'changed';
}

/** Untrusted: the file. Whom the check trusts. */
export function policyStep({ text, outcome }: PolicyFile): Reached<LogPolicy> {
  try {
    const policy = parsePolicyOrThrow(text);
    const details: Detail[] = [
      ...policy.logs.map(({ key }): Detail => ['log', formatVkey(key)]),
      ...policy.witnesses.map(({ name, key }): Detail => [`witness ${name}`, formatVkey(key)]),
    ];
    return { steps: [step('policy', outcome, details)], value: policy };
  } catch (fault) {
    return { steps: [step('policy', 'unreadable', [['', sentenceOf(fault)]])], value: undefined };
  }
}

/** Whose signatures count, and what verifies them. */
export interface Trusted {
  readonly policy: LogPolicy;
  readonly verifier: Ed25519Verifier;
  /** Hosts of the page, the api and the log: a witness there may be the ledger itself. */
  readonly ownHosts: readonly string[];
}

export interface SignedCheckpoint {
  readonly note: string;
  readonly checkpoint: ParsedCheckpoint;
}

/** Untrusted: the note. That the log of the policy signed it, and which witnesses of the policy have seen it. */
export function checkpointSteps(note: string | undefined, trusted: Trusted): Reached<SignedCheckpoint> {
  if (note === undefined) return { steps: [step('checkpoint', 'none')], value: undefined };
  try {
    const checkpoint = openByLog(note, trusted);
    const details: Detail[] = [
      ['origin', checkpoint.origin],
      ['size', String(checkpoint.size)],
      ['root', base64Encode(checkpoint.root)],
    ];
    return {
      steps: [step('checkpoint', 'signed', details), witnessStep(note, trusted)],
      value: { note, checkpoint },
    };
  } catch (fault) {
    const outcome = fault instanceof NoteRejected ? 'notSigned' : 'unreadable';
    return { steps: [step('checkpoint', outcome, [['note', note.slice(0, 2_000)]])], value: undefined };
  }
}

function openByLog(note: string, { policy, verifier }: Trusted): ParsedCheckpoint {
  for (const { key } of policy.logs) {
    if (note.startsWith(`${key.name}\n`)) return openCheckpointOrThrow(note, formatVkey(key), verifier).checkpoint;
  }
  throw new NoteRejected('no_known_signature');
}

function witnessStep(note: string, { policy, verifier, ownHosts }: Trusted): Step {
  if (policy.quorum.kind === 'none') return step('witnesses', 'notAsked');
  try {
    const { cosignedBy } = openWitnessedCheckpointOrThrow(note, policy, verifier);
    const urlOf = (name: string) => policy.witnesses.find((one) => one.name === name)?.url;
    const own = [...ownHosts, ...policy.logs.flatMap(({ key, url = '' }) => [key.name, url])];
    const elsewhere = cosignedBy.map(({ witness }) => witness).filter((name) => canBeElsewhere(urlOf(name), own));
    return step(
      'witnesses',
      // Those that can be on the ledger's own machines are under its hands: without them it has to be a quorum still.
      isQuorum(policy.quorum, new Set(elsewhere)) ? 'quorum' : 'ownMachine',
      cosignedBy.map(({ witness, time }): Detail => [witness, whenOf(time)]),
    );
  } catch (fault) {
    if (fault instanceof NoteRejected && fault.code === 'quorum_not_met') return step('witnesses', 'tooFew');
    return step('witnesses', 'forged', [['', sentenceOf(fault)]]);
  }
}

/** By the witness's clock: this device's has no part in it. */
function whenOf(seconds: number): string {
  const date = new Date(seconds * 1_000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace('T', ' ').replace('.000Z', ' UTC');
}

/**
 * Whether what is shown now goes on from what this browser saw: neither rewritten, nor another history for another reader.
 * Rejects with nothing.
 */
export async function historyStep(
  shown: SignedCheckpoint,
  seen: Seen | undefined,
  { read, ...trusted }: Trusted & { readonly read: ReadFile },
): Promise<Step> {
  const before = seen === undefined ? undefined : openedOrUndefined(seen.note, trusted);
  if (seen === undefined || before === undefined) return step('history', 'first');
  const { checkpoint: now } = shown;
  const details: Detail[] = [
    ['seen at', seen.at],
    ['size then', String(before.size)],
    ['root then', base64Encode(before.root)],
    ['size now', String(now.size)],
    ['root now', base64Encode(now.root)],
  ];
  if (now.size === before.size) return step('history', bytesEqual(now.root, before.root) ? 'same' : 'forked', details);
  const [from, to] = now.size > before.size ? [before, now] : [now, before];
  if (from.size === 0) return step('history', now.size === 0 ? 'shorter' : 'grown', details);
  try {
    await proveConsistencyOrThrow(read, { from, to }, hasher);
    return step('history', to === now ? 'grown' : 'older', details);
  } catch (fault) {
    if (fault instanceof LogUnreachable) return step('history', 'unreachable', details);
    return step('history', to === now ? 'forked' : 'shorter', details);
  }
}

function openedOrUndefined(note: string, trusted: Trusted): ParsedCheckpoint | undefined {
  try {
    return openByLog(note, trusted);
  } catch {
    // It is of another log, or of a key that is not trusted any more: the step about the policy says that.
    return undefined;
  }
}

export function sentenceOf(fault: unknown): string {
  return fault instanceof MalformedInput || fault instanceof NoteRejected ? fault.message : '';
}

/** The newest note that enough witnesses have seen; the newest of all where there is none. Rejects with LogUnreachable. */
export async function newestNote(read: ReadFile): Promise<string | undefined> {
  const bytes = (await read('witnessed-checkpoint')) ?? (await read('checkpoint'));
  // What is no UTF-8 is read with replacements, and no signature verifies over those.
  return bytes && new TextDecoder().decode(bytes);
}
