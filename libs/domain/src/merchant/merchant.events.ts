import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

export const assessor = f.oneOf('foundation', 'sub-district', 'funder');

export const merchantEvents = defineEvents({
  MerchantApplied: {
    about: 'A merchant applied in public to take part. The bank account is known by digest only.',
    public: { name: f.organisationName, region: f.region, bankDigest: f.hash, officer: f.officer },
    disclosure: { wechatMerchantNumber: f.reference },
    never: ['bank account number', 'settlement contact'],
  },
  MerchantAssessed: {
    about: 'One of the three assessors looked at the merchant.',
    public: { assessor, outcome: f.oneOf('suitable', 'unsuitable'), officer: f.officer },
  },
  MerchantApproved: {
    about:
      'An officer approved the merchant; two different ones are needed before it may redeem. `holdDays`: whole days between the approval of a settlement and its payment.',
    public: { officer: f.officer, approval: f.part, approvals: f.part, holdDays: f.holdDays },
  },
  StoreOpened: {
    about: 'A store (fixed, mobile or online) of the merchant takes vouchers.',
    public: { store: f.uuid, name: f.organisationName, kind: f.oneOf('shop', 'mobile', 'online'), region: f.region },
  },
  StoreClosed: {
    about: 'The store takes no more vouchers.',
    public: { store: f.uuid, reason: f.code },
  },
  MerchantSuspended: {
    about: 'No redemption at any store of the merchant until it is approved again.',
    public: { officer: f.officer, reason: f.code },
  },
  BankDetailsChanged: {
    about: 'Payouts go to another account from now on; two officers signed.',
    public: { bankDigest: f.hash, officer: f.officer, secondOfficer: f.officer },
  },
});

export type MerchantEvent = EventsOf<typeof merchantEvents>;
