export { decodeStored, ProjectionFault } from './projected-event.js';
export type { DisclosureReader, ProjectedEvent } from './projected-event.js';
export { openReadDatabase } from './database.js';
export type { ReadDatabase, ReadSchema } from './database.js';
export { createProjector } from './projector/projector.js';
export { generationOf } from './projector/generation.js';
export { isTransient } from './projector/connection.js';
export type { Projector, ProjectorOptions } from './projector/projector.js';
export { blankErased } from './erasure/blank-erased.js';
export type { ErasedSubjects } from './erasure/blank-erased.js';
export { donationTrace } from './trace/donation-trace.js';
export type { DonationKey, DonationTrace, ErasedDonation, TraceTotals } from './trace/donation-trace.js';
export type { FundPart } from './trace/fund-parts.js';
export type { BatchPart } from './trace/batch-parts.js';
export { mondayOf, weekOf } from './trace/weeks.js';
export { TraceMismatch } from './trace/trace-mismatch.js';
export { campaignDashboard, campaignList, campaignTerms, programmeSummary } from './queries/campaigns.js';
export type {
  CampaignDashboard,
  CampaignFigures,
  CampaignSummary,
  CampaignTerms,
  ProgrammeSummary,
} from './queries/campaigns.js';
export { voucherView, vouchersOfBatch } from './queries/vouchers.js';
export type { RedemptionView, VoucherSummary, VoucherView } from './queries/vouchers.js';
export { batchView, donationsOfIntake, fundView } from './queries/funds.js';
export type { BatchView, DonationSummary, FundView } from './queries/funds.js';
export { merchantNames, merchantPayables, merchantView, windowsOf } from './queries/merchants.js';
export type { MerchantPayable, MerchantView } from './queries/merchants.js';
export { settlementView, settlementsOf } from './queries/settlements.js';
export type { SettlementSummary, SettlementView } from './queries/settlements.js';
export { countedFigures, figuresOfCut, newestFigures } from './queries/figures.js';
export type { CountedFigures, StoredFigures } from './queries/figures.js';
export { journalEntries, trialBalance } from './queries/accounts.js';
export type { JournalEntry, TrialBalance } from './queries/accounts.js';
