export { LogReplay, ReplayFault } from './replay/log-replay.js';
export type { FoldedStream } from './replay/states.js';
export { findingTexts } from './findings/finding-texts.js';
export type { FindingText } from './findings/finding-text.js';
export type { Finding, FindingCode, Report } from './findings/finding.js';
export type { AuditedLeaf, CheckTools, LeafCheck, StateLookup } from './audit/leaf-check.js';
export { makeReceiptOrThrow, NEWEST_CHECKPOINT, NotWitnessedYet, WITNESSED_CHECKPOINT } from './proofs/make-receipt.js';
export {
  digestsOf,
  formatReceipt,
  openReceiptOrThrow,
  parseReceiptOrThrow,
  type OpenedReceipt,
  type Receipt,
  type ReceiptTrust,
} from './proofs/receipt.js';
export { joinPartsOrThrow, MAX_PART_BYTES, splitIntoParts } from './proofs/receipt-parts.js';
export { formatSlip, parseSlipOrThrow, type Slip } from './proofs/slip.js';
export {
  objectionInLog,
  objectionTo,
  type BrokenPromise,
  type BrokenPromiseKind,
  type PromiseObjection,
} from './proofs/broken-promise.js';
export { fileOfPromise, objections, promiseIn } from './proofs/broken-promise-file.js';
export { proveTwoAnswersOrThrow, type TwoAnswersProof } from './proofs/two-answers.js';
export { findEvent } from './proofs/find-event.js';
export type { IncludedEntry } from './proofs/included-entry.js';
export { judgeAnswerOrThrow, type Judgement } from './proofs/judge-answer.js';
export { checkFraudProof, formatFraudProof, parseFraudProofOrThrow, type FraudProof } from './log/fraud/fraud-proof.js';
export type { FraudTrust, FraudVerdict } from './log/fraud/fraud-kind.js';
export { openLogCheckpoint, type LogCheckpoint } from './log/log-checkpoint.js';
export { MAX_BUNDLE_BYTES, type LogFiles } from './log/log-files.js';
export { auditLog, type LedgerReader, type LogAuditOutcome } from './log/log-audit.js';
export { inlineEntryHashing, type EntryHashing } from './log/entry-hashing.js';
export { LogChanged } from './log/audited-tree.js';
export { TileProofs } from './log/tile-proofs.js';
export { checkDaysAhead } from './log/days-ahead.js';
export { proveBadEntry, type SuspectEntry } from './log/entry-fraud.js';
export { drawSample, mostGhosts, sampleSeed } from './log/sample.js';
export { createEffectChecks, type MoneySummary } from './effects/effect-checks.js';
export type { FundTotals } from './money/fund-totals.js';
export type { SettlementWindow, WindowSums } from './money/settlement-windows.js';
export { PrivacyCheck } from './privacy/privacy-check.js';
export type { CampaignPrivacy, NeighbourView, PrivacySummary, SingledOut } from './privacy/privacy-summary.js';
export type { CrowdSizes } from './privacy/crowds.js';
export { AuditStopped } from './audit/audit-stopped.js';
export { LedgerAudit } from './audit/ledger-audit.js';
export type { AnchorClaim, AuditSummary, LedgerAuditOptions, SignatureJob } from './audit/ledger-audit.js';
