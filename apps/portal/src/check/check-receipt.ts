import { base64Encode, MalformedInput, sha256, type Ed25519Verifier } from '@aidtrail/envelope';
import { checkInclusion, type LogPolicy } from '@aidtrail/public-log';
import { openReceiptOrThrow, parseReceiptOrThrow, type Receipt } from '@aidtrail/verification';
import { checkpointSteps, hasher, policyStep, type PolicyFile, type Seen, type Trusted } from './checkpoint-steps.js';
import { step, verdictOfAll, type Detail, type Step } from './step.js';

export interface ReceiptTools {
  readonly policy: PolicyFile | undefined;
  readonly verifier: Ed25519Verifier;
  /** Hosts of the page, the api and the log. */
  readonly ownHosts: readonly string[];
  readonly seen: (policy: LogPolicy) => Seen | undefined;
}

/**
 * Untrusted: the file. Checks a `.tlog-proof` on this device alone, without any network. The last word has
 * `openReceiptOrThrow`, which every other program of ours asks as well; the steps say where it stops.
 */
export function checkReceipt(file: Uint8Array, tools: ReceiptTools): readonly Step[] {
  const { policy: policyFile, seen } = tools;
  let receipt: Receipt;
  try {
    receipt = parseReceiptOrThrow(file);
  } catch (fault) {
    if (!(fault instanceof MalformedInput)) throw fault;
    return [step('form', 'unreadable', [['', fault.message]])];
  }
  const readable = step('form', 'readable', [['index', String(receipt.index)]]);
  if (policyFile === undefined) return [readable, step('policy', 'unreachable')];
  const trusted = policyStep(policyFile);
  if (trusted.value === undefined) return [readable, ...trusted.steps];
  const trust = { ...tools, policy: trusted.value };
  const opened = checkpointSteps(receipt.checkpoint, trust);
  const before = [readable, ...trusted.steps, ...opened.steps];
  if (opened.value === undefined) return before;
  const { checkpoint } = opened.value;
  const steps = [...before, rememberedStep(checkpoint, seen(trusted.value)), inclusionStep(receipt, checkpoint)];
  if (verdictOfAll(steps) === 'bad') return steps;
  return [...steps, contentStep(file, receipt, trust)];
}

/** Offline no proof can be asked for: only the very same size can be compared. */
function rememberedStep(
  { root, size }: { readonly root: Uint8Array; readonly size: number },
  seen: Seen | undefined,
): Step {
  if (seen === undefined) return step('history', 'first');
  const [, sizeThen, rootThen] = seen.note.split('\n');
  if (sizeThen !== String(size))
    return step('history', 'notCompared', [
      ['size then', sizeThen ?? ''],
      ['size', String(size)],
    ]);
  return step('history', rootThen === base64Encode(root) ? 'same' : 'forked', [['seen at', seen.at]]);
}

function inclusionStep(
  { index, leaf, proof }: Receipt,
  { root, size }: { readonly root: Uint8Array; readonly size: number },
): Step {
  const leafHash = hasher.leafHash(leaf);
  const fault = checkInclusion({ index, size, leafHash, proof, root }, hasher);
  const details: Detail[] = [
    ['leaf index', String(index)],
    ['leaf hash', base64Encode(leafHash)],
  ];
  return fault === undefined
    ? step('entry', 'included', details)
    : step('entry', 'notIncluded', [...details, ['fault', fault]]);
}

/** What the event is, and those private fields of it that the receipt's holder shows. */
function contentStep(file: Uint8Array, receipt: Receipt, { policy, verifier }: Trusted): Step {
  try {
    const { leaf, disclosed } = openReceiptOrThrow(file, { policy, verifier, sha256 });
    const details: Detail[] = [
      ['type', leaf.type],
      ['day', leaf.day],
      ['event', leaf.id],
      ...Object.entries(disclosed).map(([name, value]): Detail => [name, JSON.stringify(value)]),
    ];
    return step('amounts', receipt.disclosures.length === 0 ? 'none' : 'shown', details);
  } catch (fault) {
    return step('amounts', 'forged', [['', fault instanceof Error ? fault.message : '']]);
  }
}
