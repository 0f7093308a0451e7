import type { DonationCommand, DonationState } from '@aidtrail/domain';
import { ALL_CHECKED, type Asked, type Assumed, type Assumptions } from './assumption.js';

type Ask<T extends DonationCommand['type']> = Asked<Extract<DonationCommand, { readonly type: T }>>;

const REFUND = ['reservation_of_another_donation', 'more_than_given'];

/** Without disclosures a gift is taken to be as large as any refund of it, and each reservation to be its own. */
export const donationAssumptions: Assumptions = { RefundDonation: refund };

function refund({ command, state, signers }: Ask<'RefundDonation'>): Assumed {
  const donation = state as DonationState;
  // A gift that its fee ate up has no interval either, but its amount is known.
  if (donation.status === 'none' || donation.amountMinor !== undefined)
    return { command, state, signers, notChecked: ALL_CHECKED };
  return { command, state: { ...donation, interval: [0, Number.MAX_SAFE_INTEGER] }, signers, notChecked: REFUND };
}
