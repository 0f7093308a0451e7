import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';
import { basketLine, claimChannel, consentKind } from './voucher.events.js';

export const voucherCommands = defineCommands({
  ClaimVoucher: {
    about: 'Takes a voucher for a household; signed by a claim service or worker, then by the new holder key.',
    public: { voucher: f.uuid, holder: f.publicKey, channel: claimChannel },
    disclosure: { time: f.instant, worker: f.optional(f.keyId), proxyReference: f.optional(f.uuid) },
    signatures: 'new-holder',
    roles: ['service', 'worker'],
  },
  RedeemVoucher: {
    about: 'Pays for a basket at a store. Signed by the till, then by the holder (or by a field worker: assisted).',
    public: { voucher: f.uuid, amountMinor: f.amountMinor, consent: consentKind },
    disclosure: {
      merchant: f.uuid,
      store: f.uuid,
      time: f.instant,
      basket: f.listOf(basketLine, { min: 1, max: 100 }),
    },
    signatures: 'holder',
    roles: ['till'],
  },
  ReverseRedemption: {
    about: 'Undoes a redemption, wholly or in part; by a till of the same merchant, or by finance.',
    public: { voucher: f.uuid, redemption: f.uuid, amountMinor: f.amountMinor, reason: f.code },
    signatures: 'one',
    roles: ['till', 'finance'],
  },
  CancelVoucher: {
    about: 'Withdraws a voucher.',
    public: { voucher: f.uuid, reason: f.code },
    signatures: 'one',
    roles: ['programme'],
  },
  ReissueVoucher: {
    about: 'Kills the holder key of a claimed voucher, so that it can be claimed again.',
    public: { voucher: f.uuid, reason: f.code },
    signatures: 'one',
    roles: ['registrar', 'worker'],
  },
  IssueVoucher: {
    about: 'Voucher i of a funded batch.',
    public: {
      voucher: f.uuid,
      batch: f.uuid,
      campaign: f.uuid,
      fund: f.uuid,
      number: f.ordinal,
      commitment: f.hash,
      faceMinor: f.amountMinor,
    },
    disclosure: { group: f.code, community: f.privateText, partner: f.uuid },
    signatures: 'policy',
    roles: [],
  },
  ExpireVoucher: {
    about: 'The last day of the voucher has passed.',
    public: { voucher: f.uuid },
    signatures: 'policy',
    roles: [],
  },
});

export type VoucherCommand = CommandsOf<typeof voucherCommands>;
