import type { MerchantEvent } from '@aidtrail/domain';
import { idOf } from '../projector/load.js';
import type { Work } from '../projector/work.js';
import type { Projections } from './projection.js';

export const merchantProjections: Projections<MerchantEvent> = {
  MerchantApplied({ data, day, stream }, work) {
    work.merchants.put({
      merchant: idOf(stream),
      name: data.name,
      region: data.region,
      status: 'applied',
      approvals: 0,
      approvals_needed: 0,
      hold_days: 0,
      bank_digest: data.bankDigest,
      suspended_reason: null,
      assessments: {},
      applied_day: day,
    });
  },
  MerchantAssessed({ data, stream }, work) {
    const merchant = merchantOf(work, stream);
    merchant.assessments = { ...(merchant.assessments as object), [data.assessor]: data.outcome };
  },
  MerchantApproved({ data, stream }, work) {
    const merchant = merchantOf(work, stream);
    merchant.approvals = data.approval;
    merchant.approvals_needed = data.approvals;
    merchant.hold_days = data.holdDays;
    if (data.approval < data.approvals) return;
    merchant.status = 'approved';
    merchant.suspended_reason = null;
  },
  StoreOpened({ data, day, stream }, work) {
    work.stores.put({
      store: data.store,
      merchant: idOf(stream),
      name: data.name,
      kind: data.kind,
      region: data.region,
      status: 'open',
      opened_day: day,
      closed_day: null,
    });
  },
  StoreClosed({ data, day }, work) {
    const store = work.stores.getOrThrow(data.store);
    store.status = 'closed';
    store.closed_day = day;
    work.stores.put(store);
  },
  MerchantSuspended({ data, stream }, work) {
    const merchant = merchantOf(work, stream);
    merchant.status = 'suspended';
    merchant.suspended_reason = data.reason;
  },
  BankDetailsChanged({ data, stream }, work) {
    merchantOf(work, stream).bank_digest = data.bankDigest;
  },
};

function merchantOf(work: Work, stream: string) {
  const merchant = work.merchants.getOrThrow(idOf(stream));
  work.merchants.put(merchant);
  return merchant;
}
