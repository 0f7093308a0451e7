import { MalformedInput, requireDisclosuresMatch, type Leaf } from '@aidtrail/envelope';
import { digestsOf, formatReceipt } from '@aidtrail/verification';
import { entryStep, leafOrUndefined, signatureStep } from './entry-steps.js';
import { openLog, type CheckTools, type Ground, type Remembered } from './open-log.js';
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

export interface CheckOutcome {
  readonly remember?: Remembered;
  /** A `.tlog-proof`, if everything in it holds. */
  readonly receipt?: string;
}

/** Checks the log's newest checkpoint, and under it the gift, if there is one. Nothing that it was told is believed. */
export async function checkLog(claim: GiftClaim | undefined, tools: CheckTools): Promise<CheckOutcome> {
  const { ground, remember } = await openLog(tools);
  const receipt = claim === undefined || ground === undefined ? undefined : await checkGift(claim, ground);
  return {
    ...(remember === undefined ? {} : { remember }),
    ...(receipt === undefined ? {} : { receipt }),
  };
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
    const signature = await signatureStep({ index: claim.leafIndex, leaf }, ground);
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
