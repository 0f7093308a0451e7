import type { FigureState } from './figure-state.js';
import { idOf, type LeafOf } from './leaf-of.js';

/** The newest ones are shown; all of them stand in the log. */
const MAX_CORRECTIONS = 50;

export function countCampaign(state: FigureState, leaf: LeafOf<'CampaignOpened' | 'BatchDrafted'>): void {
  if (leaf.type === 'CampaignOpened') {
    const { name, phase, region, terms } = leaf.data;
    state.campaigns[idOf(leaf.stream)] = { name, phase, region, assistedAllowed: terms.assistedAllowed };
  } else {
    const { campaign, faceMinor: voucherLength } = leaf.data;
    state.batches[idOf(leaf.stream)] = { campaign, voucherLength };
  }
}

type ControlLeaf = LeafOf<
  'MerchantApplied' | 'MerchantApproved' | 'MerchantSuspended' | 'KeyRevoked' | 'CorrectionPublished'
>;

/** Fraud and control: whatever is open or went wrong. */
export function countControl(state: FigureState, leaf: ControlLeaf): void {
  switch (leaf.type) {
    case 'MerchantApplied':
      state.merchants[idOf(leaf.stream)] = leaf.data.name;
      return;
    case 'MerchantApproved':
      if (leaf.data.approval >= leaf.data.approvals) Reflect.deleteProperty(state.suspended, idOf(leaf.stream));
      return;
    case 'MerchantSuspended':
      state.suspended[idOf(leaf.stream)] = true;
      return;
    case 'KeyRevoked':
      state.exact.revokedKeyCount += 1;
      return;
    case 'CorrectionPublished':
      return publishCorrection(state, leaf);
  }
}

function publishCorrection(state: FigureState, { data, position, stream }: LeafOf<'CorrectionPublished'>): void {
  const { subject, noteZh, noteEn, officer } = data;
  const correction = { index: position, period: idOf(stream), subject, noteZh, noteEn, officer, day: state.day };
  state.exact.correctionCount += 1;
  state.corrections = [correction, ...state.corrections].slice(0, MAX_CORRECTIONS);
}
