import type { FundState } from '@aidtrail/domain';
import type { LedgerHarness, TestCommand } from './ledger-harness.js';
import { leavesOf } from './ledger-reading.js';
import type { ReliefScenario } from './relief-scenario.js';

/** A refund with the commands of its life; `reserve` has been accepted. */
export interface ReservedRefund {
  readonly id: string;
  readonly amountMinor: number;
  readonly reserve: TestCommand;
  readonly pay: TestCommand;
  readonly withdraw: TestCommand;
  readonly release: TestCommand;
}

/** Reserves all that is free on a line, or only some of it, which must be money of the first gift, to be paid back to its donor. */
export async function reserveRefund(
  h: LedgerHarness,
  relief: ReliefScenario,
  fund: string,
  only?: readonly (readonly [start: number, length: number])[],
): Promise<ReservedRefund> {
  const line = (await h.ledger.stateOf(`fund-${fund}`)).state as Exclude<FundState, { readonly status: 'none' }>;
  const first = (await leavesOf(h.store)).find(({ leaf }) => leaf.type === 'DonationReceived');
  const donation = first?.leaf.stream.slice('donation-'.length) ?? '';
  const id = h.entropy.uuid();
  const segments = (only ?? line.free).map(([start, length]) => [start, length] as [number, number]);
  const amountMinor = segments.reduce((sum, [, length]) => sum + length, 0);
  const refund = {
    id,
    amountMinor,
    reserve: { type: 'ReserveRefund', data: { fund, refund: id, segments }, private: { donation } },
    pay: {
      type: 'RefundDonation',
      data: { donation, refund: id, amountMinor, funds: [fund] },
      private: { bankReference: 'B-1' },
    },
    withdraw: { type: 'WithdrawRefunds', data: { donation } },
    release: { type: 'ReleaseRefund', data: { fund, refund: id } },
  };
  await h.accept(refund.reserve, [relief.keys.finance1]);
  return refund;
}
