import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

/** One line of a till's basket. The sum is what the line costs; the voucher pays for allowed lines only. */
export const basketLine = f.record({
  category: f.code,
  item: f.optional(f.reference),
  quantity: f.count,
  amountMinor: f.amountMinor,
});

/** What the goods policy said of a basket line. */
const basketVerdict = f.record({ line: f.ordinal, verdict: f.oneOf('allowed', 'denied'), rule: f.code });

export const claimChannel = f.oneOf('self', 'assisted', 'proxy');
export const consentKind = f.oneOf('holder', 'assisted');

export const voucherEvents = defineEvents({
  VoucherIssued: {
    about: 'A voucher exists: number i of its batch, with the i-th part of the batch line.',
    public: {
      batch: f.uuid,
      campaign: f.uuid,
      fund: f.uuid,
      number: f.ordinal,
      commitment: f.hash,
      interval: f.interval,
    },
    disclosure: { group: f.code, community: f.privateText, partner: f.uuid },
    never: ['person'],
  },
  VoucherClaimed: {
    about: 'The household took the voucher; `holder` is an Ed25519 key used for this voucher only.',
    public: { holder: f.publicKey, channel: claimChannel },
    disclosure: { time: f.instant, worker: f.optional(f.keyId), proxyReference: f.optional(f.uuid) },
    never: ['person'],
  },
  VoucherRedeemed: {
    about: 'Redemption (核销): the voucher paid for goods at a shop, with the leftmost unspent fen.',
    public: {
      campaign: f.uuid,
      amountMinor: f.amountMinor,
      segments: f.segments,
      consent: consentKind,
      fundingMode: f.fundingMode,
    },
    disclosure: {
      merchant: f.uuid,
      store: f.uuid,
      policyVersion: f.count,
      verdicts: f.listOf(basketVerdict, { min: 1, max: 100 }),
    },
    never: ['person'],
  },
  RedemptionReversed: {
    about:
      'A redemption is undone, wholly or in part. `to`: the voucher gets the fen back (before payout, voucher valid), the fund gets them (before payout, voucher ended), or the merchant owes them (after payout: recoverable).',
    public: {
      redemption: f.uuid,
      batch: f.uuid,
      fund: f.uuid,
      amountMinor: f.amountMinor,
      segments: f.segments,
      to: f.oneOf('voucher', 'fund', 'recoverable'),
      reason: f.code,
      fundingMode: f.fundingMode,
    },
    disclosure: { merchant: f.uuid },
  },
  VoucherExpired: {
    about: 'The last day has passed; what was unspent goes back to the fund.',
    public: { batch: f.uuid, fund: f.uuid, amountMinor: f.amountMinor, segments: f.segments },
  },
  VoucherCancelled: {
    about: 'The voucher is withdrawn; what was unspent goes back to the fund.',
    public: {
      batch: f.uuid,
      fund: f.uuid,
      amountMinor: f.amountOrZeroMinor,
      segments: f.listOf(f.interval, { min: 0, max: 500 }),
      reason: f.code,
      officer: f.officer,
    },
  },
  VoucherReissued: {
    about: 'The old holder key is dead (lost phone, paper or card); the voucher waits for a new claim.',
    public: { reason: f.code, formerHolder: f.publicKey },
  },
});

export type VoucherEvent = EventsOf<typeof voucherEvents>;
