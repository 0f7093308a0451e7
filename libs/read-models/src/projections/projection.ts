import type { AnyEvent } from '@aidtrail/domain';
import type { ProjectedEvent } from '../projected-event.js';
import type { Work } from '../projector/work.js';

/**
 * The types of events whose disclosures are opened: a projection reads a private field of them, or the journal or the
 * public figures do. What the others disclose is nothing that anybody asks the read models for, so it stays sealed.
 */
const DISCLOSED = [
  'DonationReceived',
  'FundsRecovered',
  'PaymentReturned',
  'RedemptionReversed',
  'SettlementPaid',
  'SettlementPrepared',
  'SettlementProposed',
  'VoucherIssued',
  'VoucherRedeemed',
] as const satisfies readonly AnyEvent['type'][];

export const disclosedTypes: ReadonlySet<string> = new Set(DISCLOSED);

/** An event of one type with typed fields. Disclosures may include the command's, and may be absent. */
export type Projected<E extends AnyEvent> = Omit<ProjectedEvent, 'data' | 'type' | 'private'> & {
  readonly type: E['type'];
  readonly data: E['data'];
} & (E['type'] extends (typeof DISCLOSED)[number] ? Pick<ProjectedEvent, 'private'> : unknown);

/** How each type of event changes the tables; a type that changes none is listed too, with `ignored`. */
export type Projections<E extends AnyEvent> = {
  readonly [K in E['type']]: (event: Projected<Extract<E, { readonly type: K }>>, work: Work) => void;
};

export function ignored(): void {
  // Changes no table.
}

/** A private field, or undefined where it is absent or not of the type. */
export function privateText(event: Pick<ProjectedEvent, 'private'>, name: string): string | undefined {
  const value = event.private?.[name];
  return typeof value === 'string' ? value : undefined;
}

export function privateAmount(event: Pick<ProjectedEvent, 'private'>, name: string): number | undefined {
  const value = event.private?.[name];
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}
