import {
  base64DecodeOrThrow,
  base64Encode,
  bytesEqual,
  hexEncode,
  keyIdOf,
  MalformedInput,
  parseLeafOrThrow,
  requireDisclosuresMatch,
  verifyLeafSignature,
  type Ed25519Verifier,
  type Leaf,
} from '@aidtrail/envelope';
import { pinnedLeafZeroOrThrow, proveInclusionOrThrow, readEntryOrThrow, type LogPolicy } from '@aidtrail/public-log';
import { digestsOf, formatReceipt } from '@aidtrail/verification';
import {
  checkpointSteps,
  hasher,
  historyStep,
  newestNote,
  policyStep,
  sentenceOf,
  type PolicyFile,
  type Seen,
  type SignedCheckpoint,
} from './checkpoint-steps.js';
import { LogUnreachable, type ReadFile } from './read-log.js';
import { step, verdictOf, type Step } from './step.js';

/** What the page shows of a gift, and where it is said to stand in the log. */
export interface GiftClaim {
  readonly grossMinor: number;
  readonly feeMinor: number;
  /** Whether the parts that the page shows are the gift. */
  readonly addsUp: boolean;
  readonly leafIndex: number | undefined;
  readonly disclosures: readonly string[];
}

export interface CheckTools {
  /** Undefined if it could not be read. */
  readonly policy: PolicyFile | undefined;
  readonly read: ReadFile;
  readonly verifier: Ed25519Verifier;
  readonly seen: (policy: LogPolicy) => Seen | undefined;
  /** Told of each step as soon as it is done. */
  readonly onStep: (step: Step) => void;
}

export interface CheckOutcome {
  /** A checkpoint to remember: signed by the log, and going on from what was remembered. */
  readonly remember?: { readonly policy: LogPolicy; readonly note: string };
  /** A `.tlog-proof`, if everything in it holds. */
  readonly receipt?: string;
}

/** Checks the log's newest checkpoint, and under it the gift, if there is one. Nothing that it was told is believed. */
export async function checkLog(claim: GiftClaim | undefined, tools: CheckTools): Promise<CheckOutcome> {
  const tell = (steps: readonly Step[]): void => steps.forEach(tools.onStep);
  if (tools.policy === undefined) {
    tell([step('policy', 'unreachable')]);
    return {};
  }
  const trusted = policyStep(tools.policy);
  tell(trusted.steps);
  const policy = trusted.value;
  if (policy === undefined) return {};
  let note: string | undefined;
  try {
    note = await newestNote(tools.read);
  } catch (fault) {
    if (!(fault instanceof LogUnreachable)) throw fault;
    tell([step('checkpoint', 'unreachable')]);
    return {};
  }
  const opened = checkpointSteps(note, { policy, verifier: tools.verifier });
  tell(opened.steps);
  if (opened.value === undefined) return {};
  const history = await historyStep(opened.value, tools.seen(policy), { ...tools, policy });
  tell([history]);
  const isWitnessed = opened.steps.some(({ outcome }) => ['quorum', 'ownMachine', 'notAsked'].includes(outcome));
  const isNewest = ['first', 'same', 'grown'].includes(history.outcome);
  const remember = isNewest ? { remember: { policy, note: opened.value.note } } : {};
  if (claim === undefined) return remember;
  const receipt = await checkGift(claim, {
    ...tools,
    policyText: tools.policy.text,
    signed: opened.value,
    isWitnessed,
  });
  return { ...remember, ...(receipt === undefined ? {} : { receipt }) };
}

interface Ground extends Pick<CheckTools, 'read' | 'onStep' | 'verifier'> {
  readonly policyText: string;
  readonly signed: SignedCheckpoint;
  readonly isWitnessed: boolean;
}

/** Resolves to the receipt, if all of it holds. */
async function checkGift(claim: GiftClaim, ground: Ground): Promise<string | undefined> {
  const { onStep, isWitnessed, signed } = ground;
  const found = await entryStep(claim.leafIndex, ground);
  onStep(found.step);
  let receipt: string | undefined;
  if (found.entry !== undefined && claim.leafIndex !== undefined) {
    const { bytes, proof } = found.entry;
    const leaf = leafOrUndefined(bytes);
    const signature = await signatureStep(leaf, ground);
    const amounts = amountsStep(leaf, claim, signed.checkpoint.origin);
    onStep(signature);
    onStep(amounts);
    if (verdictOf(signature) !== 'bad' && verdictOf(amounts) === 'good' && isWitnessed) {
      const { leafIndex: index, disclosures } = claim;
      receipt = formatReceipt({ index, leaf: bytes, disclosures, proof, checkpoint: signed.note });
    }
  }
  onStep(step('sum', claim.addsUp ? 'adds' : 'differs'));
  return receipt;
}

interface FoundEntry {
  readonly bytes: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Untrusted: the log's files. The bytes of the gift's entry, if the tree of the checkpoint has them there. */
async function entryStep(
  index: number | undefined,
  { read, signed: { checkpoint } }: Ground,
): Promise<{ readonly step: Step; readonly entry?: FoundEntry }> {
  if (index === undefined || index >= checkpoint.size) return { step: step('entry', 'notYet') };
  try {
    const bytes = await readEntryOrThrow(read, { index, size: checkpoint.size });
    const leafHash = hasher.leafHash(bytes);
    const proof = await proveInclusionOrThrow(read, { index, leafHash, checkpoint }, hasher);
    const details = [
      ['leaf index', String(index)],
      ['leaf hash', base64Encode(leafHash)],
      ...proof.map((hash, i) => [`proof ${i + 1}`, base64Encode(hash)] as const),
    ] as const;
    return { step: step('entry', 'included', details), entry: { bytes, proof } };
  } catch (fault) {
    if (fault instanceof LogUnreachable) return { step: step('entry', 'unreachable') };
    if (!(fault instanceof MalformedInput)) throw fault;
    return {
      step: step('entry', 'notIncluded', [
        ['leaf index', String(index)],
        ['', fault.message],
      ]),
    };
  }
}

/** That the ledger signed the event, by the key in leaf 0, which the policy pins. */
async function signatureStep(leaf: Leaf | undefined, { policyText, read, signed, verifier }: Ground): Promise<Step> {
  if (leaf === undefined) return step('signature', 'wrong');
  const { checkpoint } = signed;
  let publicKey: Uint8Array;
  try {
    const opening = await readEntryOrThrow(read, { index: 0, size: checkpoint.size });
    const leafHash = hasher.leafHash(opening);
    const pinned = pinnedLeafZeroOrThrow(policyText);
    if (pinned !== undefined && !bytesEqual(pinned, leafHash))
      return step('signature', 'otherLedger', [
        ['pinned', base64Encode(pinned)],
        ['leaf 0', base64Encode(leafHash)],
      ]);
    await proveInclusionOrThrow(read, { index: 0, leafHash, checkpoint }, hasher);
    const { eventKey } = parseLeafOrThrow(opening).data;
    if (typeof eventKey !== 'string') return step('signature', 'wrong');
    publicKey = base64DecodeOrThrow(eventKey);
  } catch (fault) {
    if (fault instanceof LogUnreachable) return step('signature', 'unreachable');
    if (!(fault instanceof MalformedInput)) throw fault;
    return step('signature', 'wrong', [['leaf 0', sentenceOf(fault)]]);
  }
  const details = [
    ['event', leaf.id],
    ['type', leaf.type],
    ['key', leaf.sig.key],
    ['day', leaf.day],
  ] as const;
  if (keyIdOf(publicKey) !== leaf.sig.key) return step('signature', 'laterKey', details);
  return step('signature', verifyLeafSignature(verifier, leaf, publicKey) ? 'valid' : 'wrong', details);
}

/** That the entry says of the gift what the page says. */
function amountsStep(leaf: Leaf | undefined, claim: GiftClaim, origin: string): Step {
  if (leaf?.type !== 'DonationReceived' || leaf.log !== origin) return step('amounts', 'otherEvent');
  try {
    const fields = amountsIn(leaf, claim.disclosures);
    const details = Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value)] as const);
    const same = fields['amountMinor'] === claim.grossMinor && fields['feeMinor'] === claim.feeMinor;
    return step('amounts', same ? 'same' : 'differ', [...details, ['digests', digestsOf(leaf).join(' ')]]);
  } catch (fault) {
    if (!(fault instanceof MalformedInput)) throw fault;
    return step('amounts', 'forged', [['', fault.message]]);
  }
}

/** A donor who agreed to be named has the amount and the net interval in the leaf itself. Throws MalformedInput. */
function amountsIn(leaf: Leaf, disclosures: readonly string[]): Readonly<Record<string, unknown>> {
  const disclosed = requireDisclosuresMatch(disclosures, digestsOf(leaf));
  const named = leaf.data['named'] as
    { readonly amountMinor: number; readonly interval: readonly number[] } | undefined;
  if (named === undefined) return disclosed;
  const [, netMinor = 0] = named.interval;
  const { amountMinor, interval } = named;
  return { feeMinor: amountMinor - netMinor, ...disclosed, amountMinor, interval };
}

function leafOrUndefined(bytes: Uint8Array): Leaf | undefined {
  try {
    return parseLeafOrThrow(bytes);
  } catch {
    return undefined;
  }
}

/** Under which this browser remembers the checkpoints of a log: its key, whatever address it is read from. */
export function memoryKeyOf({ logs }: LogPolicy): string | undefined {
  const [log] = logs;
  return log && `aidtrail.seen.${hexEncode(log.key.publicKey)}`;
}
