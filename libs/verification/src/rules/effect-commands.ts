import type { AnyCommand, AnyEvent, BatchState, EventType } from '@aidtrail/domain';
import type { Leaf } from '@aidtrail/envelope';
import type { StateLookup } from '../audit/leaf-check.js';
import type { Fields } from './disclosures.js';

type DataOf<K> = Extract<AnyEvent, { readonly type: K }>['data'];
type Make<K> = (
  id: string,
  data: DataOf<K>,
  states: StateLookup,
) => { readonly type: AnyCommand['type']; readonly data: object };

/**
 * The events that policies bring about, and the command of each: nobody signs it and no leaf repeats it, but all that it
 * said stands in the event or in the streams that are known. Whether the cause asked for it is another check.
 */
const effectCommands: { readonly [K in EventType]?: Make<K> } = {
  FeeReceived: (fund, { intake, fromFund, amountMinor }) => ({
    type: 'ReceiveFee',
    data: { fund, intake, fromFund, amountMinor },
  }),
  DonationReceived: (donation, data) => ({ type: 'RecordDonation', data: { donation, ...data } }),
  TransferReceived: (fund, { interval: _interval, ...data }) => ({ type: 'ReceiveTransfer', data: { fund, ...data } }),
  BatchFunded: (fund, { batch, campaign, fundingMode, amountMinor }, states) => ({
    type: 'FundBatch',
    data: { fund, batch, campaign, fundingMode, totalMinor: totalOf(batch, states) ?? amountMinor },
  }),
  BatchFundingRefused: (batch, data) => ({ type: 'RefuseBatchFunding', data: { batch, ...data } }),
  VoucherIssued: (voucher, { batch, campaign, fund, number, commitment, interval }) => ({
    type: 'IssueVoucher',
    data: { voucher, batch, campaign, fund, number, commitment, faceMinor: interval[1] },
  }),
  BatchCompleted: (batch, data) => ({ type: 'CompleteBatch', data: { batch, ...data } }),
  VoucherExpired: (voucher) => ({ type: 'ExpireVoucher', data: { voucher } }),
  FundsReturned: (fund, { batch, segments }) => ({ type: 'ReturnFunds', data: { fund, batch, segments } }),
  FundsRecovered: (fund, { batch, settlement, segments }) => ({
    type: 'RecoverFunds',
    data: { fund, batch, settlement, segments },
  }),
  SettlementProposed: (settlement, data) => ({ type: 'ProposeSettlement', data: { settlement, ...data } }),
};

/** Whether events of this type follow from other events, and never from a signed command. */
export function isEffect(type: string): boolean {
  return Object.hasOwn(effectCommands, type);
}

/** The command behind an event of a policy, with what was disclosed of it. */
export function effectCommandOf(leaf: Leaf, disclosed: Fields, states: StateLookup): AnyCommand {
  const { id, type, stream, data } = leaf;
  // Each is looked up under the type of the event that it is given.
  const make = effectCommands[type as EventType] as Make<EventType> | undefined;
  if (make === undefined) throw new RangeError(`No policy brings about ${type}.`);
  const made = make(stream.slice(stream.indexOf('-') + 1), data as unknown as DataOf<EventType>, states);
  return { type: made.type, id, data: made.data, private: disclosed } as unknown as AnyCommand;
}

/** The parts of BatchFunded add up to the total of the batch, which the first part does not say. */
function totalOf(batch: string, states: StateLookup): number | undefined {
  const state = states.stateOf(`batch-${batch}`)?.state as BatchState | undefined;
  return state === undefined || state.status === 'none' ? undefined : state.terms.totalMinor;
}
