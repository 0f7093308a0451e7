import type { BatchPart, FundPart, GiftTrace } from './trace.js';

/** Where a fen can be now, and what it passed on the way. */
export type WayKind = 'gift' | 'fee' | 'fund' | 'campaign' | 'redeemed' | EndKind;

export type EndKind =
  | 'feeInTransit'
  | 'feeUnlocated'
  | 'feeUnspent'
  | 'feeSpent'
  | 'free'
  | 'inTransit'
  | 'refundReserved'
  | 'refunded'
  | 'unissued'
  | 'unclaimed'
  | 'unspent'
  | 'paid'
  | 'unpaid'
  | 'returning'
  | 'recoverable';

/** A gift parted by where its fen are: the parts below a way are together what went it, and a way without parts is an end. */
export interface Way {
  readonly kind: WayKind;
  /** The same for the same thing in every answer. */
  readonly key: string;
  readonly amountMinor: number;
  /** A fund's name, or a campaign's id. */
  readonly name?: string;
  readonly parts: readonly Way[];
}

export interface Ways {
  readonly root: Way;
  /** What the ends of all ways are together. */
  readonly sumMinor: bigint;
  /** Whether that is the gift, and what each way's parts are together is that way, to the fen. */
  readonly addsUp: boolean;
}

/**
 * Each fen once, at the place where it is now: what came back from a voucher and went out again is counted on its last way.
 */
export function waysOf(trace: GiftTrace): Ways {
  const administration = trace.funds.filter(({ kind }) => kind === 'administration');
  const relief = trace.funds.filter(({ kind }) => kind !== 'administration');
  const fee = group('fee', 'fee', [
    end('feeInTransit', 'fee', trace.feeInTransitMinor),
    end('feeUnlocated', 'fee', trace.feeUnlocatedMinor),
    end(
      'feeUnspent',
      'fee',
      sumOf(administration, ({ freeMinor }) => freeMinor),
    ),
    end(
      'feeSpent',
      'fee',
      sumOf(administration, (fund) => fund.spentOnAdministrationMinor),
    ),
    end(
      'inTransit',
      'fee',
      sumOf(administration, (fund) => fund.inTransitMinor),
    ),
    end(
      'refundReserved',
      'fee',
      sumOf(administration, (fund) => fund.refundReservedMinor),
    ),
    end(
      'refunded',
      'fee',
      sumOf(administration, (fund) => fund.refundedMinor),
    ),
  ]);
  const funds = relief.map((fund) =>
    fundWay(
      fund,
      trace.batches.filter((batch) => batch.fund === fund.fund),
    ),
  );
  const root = {
    kind: 'gift',
    key: 'gift',
    amountMinor: trace.grossMinor,
    parts: [fee, ...funds].filter(isThere),
  } as const;
  const sumMinor = endsOf(root).reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);
  const addsUp = sumMinor === BigInt(trace.grossMinor) && fee.amountMinor === trace.feeMinor && isWhole(root);
  return { root, sumMinor, addsUp };
}

/** The ends of a way, in order; the way itself if it is one. */
export function endsOf(way: Way): readonly Way[] {
  return way.parts.length === 0 ? [way] : way.parts.flatMap(endsOf);
}

function fundWay(fund: FundPart, batches: readonly BatchPart[]): Way {
  const { fund: key } = fund;
  const parts = [
    end('free', key, fund.freeMinor),
    end('inTransit', key, fund.inTransitMinor),
    end('refundReserved', key, fund.refundReservedMinor),
    end('refunded', key, fund.refundedMinor),
    end('feeSpent', key, fund.spentOnAdministrationMinor),
    ...batches.map(batchWay),
  ];
  return { ...group('fund', key, parts), name: fund.name };
}

function batchWay(batch: BatchPart): Way {
  const { batch: key } = batch;
  const paidMinor = sumOf(
    batch.settled.filter(({ name }) => PAID.has(name)),
    ({ amountMinor }) => amountMinor,
  );
  const parts = [
    group('redeemed', `${key}/redeemed`, [
      end('paid', key, paidMinor),
      end('unpaid', key, batch.redeemedMinor - paidMinor),
    ]),
    end('unspent', key, batch.claimedUnspentMinor),
    end('unclaimed', key, batch.unclaimedMinor),
    end('unissued', key, batch.unissuedMinor),
    end('returning', key, batch.returningMinor),
    end('recoverable', key, batch.recoverableMinor),
  ];
  return { ...group('campaign', key, parts), name: batch.campaign };
}

/** States of a settlement in which the bank has paid the merchant. */
const PAID: ReadonlySet<string> = new Set(['paid', 'reconciled']);

function end(kind: EndKind, of: string, amountMinor: number): Way {
  return { kind, key: `${of}/${kind}`, amountMinor, parts: [] };
}

function group(kind: WayKind, key: string, parts: readonly Way[]): Way {
  return { kind, key, amountMinor: sumOf(parts, ({ amountMinor }) => amountMinor), parts: parts.filter(isThere) };
}

/** Also what is less than nothing is there: a server that lies must not be helped by leaving it out. */
function isThere({ amountMinor }: Way): boolean {
  return amountMinor !== 0;
}

function isWhole({ amountMinor, parts }: Way): boolean {
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 0) return false;
  return parts.length === 0 || (sumOf(parts, (part) => part.amountMinor) === amountMinor && parts.every(isWhole));
}

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
