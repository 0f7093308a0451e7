// The kernel: what every concept is made of.
export type {
  Concept,
  Context,
  EnrolledSigner,
  HolderSigner,
  Level,
  RefusalText,
  SignerView,
} from './kernel/concept.js';
export { isRefusal, refuse } from './kernel/decider.js';
export type { Decider, DomainEvent, Fact, FactRequest, Recorded, Refusal } from './kernel/decider.js';
export { entitle, entitlementRefusals } from './kernel/entitlement.js';
export type { EntitlementRefusal, KnownKey, SignerToCheck } from './kernel/entitlement.js';
export type { FundingMode, Role } from './kernel/fields.js';
export { keyIdOf } from './kernel/key-id.js';
export {
  addMinor,
  amountMinorOrThrow,
  feeOf,
  multiplyMinor,
  parseAmountMinor,
  subtractMinor,
  zeroMinor,
} from './kernel/money.js';
export type { AmountMinor } from './kernel/money.js';
export { PackReader, PackWriter, SharedNames } from './kernel/packing.js';
export type { Packing } from './kernel/packing.js';
export {
  chunkSegments,
  endOf,
  includes,
  intersect,
  isNormal,
  mapThrough,
  MAX_SEGMENTS_PER_EVENT,
  normalise,
  subtract,
  takeLeftmost,
  totalOf,
  union,
} from './kernel/segments.js';
export type { Interval, SegmentList } from './kernel/segments.js';
export type { CommandSpec, EventSpec, OfType, Signatures } from './kernel/table.js';

// All of it: tables, concepts, parsing.
export { commandTable, eventTable } from './schema/tables.js';
export type { AnyCommand, AnyEvent, CommandType, EventType } from './schema/tables.js';
export { commandConcept, concepts, refusalText, streamConcept } from './schema/registry.js';
export type { AnyConcept, Category, DeciderRefusal, DomainRefusal } from './schema/registry.js';
export { broughtKeysOf } from './schema/brought-keys.js';
export { holderKeyOf, rootKeysOf, strangerIn } from './schema/signing-keys.js';
export type { KnownRootKey } from './schema/signing-keys.js';
export { commandProblem, eventProblem, parseCommandOrProblem } from './schema/parse.js';
export type { SchemaProblem } from './schema/parse.js';
export { renderReference } from './schema/reference.js';
export type { ReferencePages } from './schema/reference.js';

// States that others look at.
export type { BatchState } from './batch/batch.decider.js';
export type { CalendarState } from './calendar/calendar.decider.js';
export type { CampaignState } from './campaign/campaign.decider.js';
export type { CutoffState } from './cutoff/cutoff.decider.js';
export type { FiguresState } from './figures/figures.decider.js';
export type { DonationState } from './donation/donation.state.js';
export type { FundState } from './fund/fund.state.js';
export type { KeyState } from './key/key.decider.js';
export type { MerchantState } from './merchant/merchant.state.js';
export type { PeriodState } from './period/period.decider.js';
export { approvalsFor } from './programme/programme.decider.js';
export type { ProgrammeState } from './programme/programme.decider.js';
export { settle } from './settlement/settlement.figures.js';
export type { SettlementState } from './settlement/settlement.state.js';
export type { VoucherState } from './voucher/voucher.state.js';
export { judgeBasket } from './voucher/goods.js';
export type { GoodsPolicy } from './voucher/goods.js';

// Policies: what must follow from an event.
export * from './policies/index.js';

// Double entry, and the sweep that shows every fen in exactly one state.
export { expectedBalances, TrialBalance } from './accounting/balances.js';
export type { Balances } from './accounting/balances.js';
export { accountCodes, defaultChart } from './accounting/chart.js';
export type { Account, AccountCode, Chart } from './accounting/chart.js';
export { LineSweep } from './accounting/conservation.js';
export type { VoucherPlace, VoucherPlaces } from './accounting/conservation.js';
export type { BatchLine, ConservationCode, ConservationFinding, SweptEvent } from './accounting/findings.js';
export { postings } from './accounting/postings.js';
export type { ExpenseAt, Posting } from './accounting/postings.js';
export { fenStates, RunLine } from './accounting/runs.js';
export type { FenState, StateTotals } from './accounting/runs.js';

// Events and commands by concept.
export type { BatchCommand } from './batch/batch.commands.js';
export type { BatchEvent } from './batch/batch.events.js';
export type { CalendarCommand } from './calendar/calendar.commands.js';
export type { CalendarEvent } from './calendar/calendar.events.js';
export type { CampaignCommand } from './campaign/campaign.commands.js';
export type { CampaignEvent } from './campaign/campaign.events.js';
export type { CutoffCommand } from './cutoff/cutoff.commands.js';
export type { CutoffEvent } from './cutoff/cutoff.events.js';
export type { FiguresCommand } from './figures/figures.commands.js';
export type { FiguresEvent } from './figures/figures.events.js';
export type { DonationCommand } from './donation/donation.commands.js';
export type { DonationEvent } from './donation/donation.events.js';
export type { FundCommand } from './fund/fund.commands.js';
export type { FundEvent } from './fund/fund.events.js';
export type { FundRefusal } from './fund/fund.refusals.js';
export type { KeyCommand } from './key/key.commands.js';
export type { KeyEvent } from './key/key.events.js';
export type { LedgerState } from './ledger/ledger.decider.js';
export type { LedgerCommand } from './ledger/ledger.commands.js';
export type { LedgerEvent } from './ledger/ledger.events.js';
export type { MerchantCommand } from './merchant/merchant.commands.js';
export type { MerchantEvent } from './merchant/merchant.events.js';
export type { PeriodCommand } from './period/period.commands.js';
export type { PeriodEvent } from './period/period.events.js';
export type { ProgrammeCommand } from './programme/programme.commands.js';
export type { ProgrammeEvent } from './programme/programme.events.js';
export type { SettlementCommand } from './settlement/settlement.commands.js';
export type { SettlementEvent } from './settlement/settlement.events.js';
export type { VoucherCommand } from './voucher/voucher.commands.js';
export type { VoucherEvent } from './voucher/voucher.events.js';
