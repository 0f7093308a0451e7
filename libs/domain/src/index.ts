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
export { eventProblem, parseCommandOrProblem } from './schema/parse.js';
export type { SchemaProblem } from './schema/parse.js';

// States that others look at.
export type { BatchState } from './batch/batch.decider.js';
export type { CampaignState } from './campaign/campaign.decider.js';
export type { FundState } from './fund/fund.state.js';
export type { MerchantState } from './merchant/merchant.state.js';
export type { ProgrammeState } from './programme/programme.decider.js';
export type { SettlementState } from './settlement/settlement.state.js';
export type { VoucherState } from './voucher/voucher.state.js';
export { judgeBasket } from './voucher/goods.js';
export type { GoodsPolicy } from './voucher/goods.js';

// Policies: what must follow from an event.
export * from './policies/index.js';

// Events and commands by concept.
export type { BatchCommand } from './batch/batch.commands.js';
export type { BatchEvent } from './batch/batch.events.js';
export type { CalendarEvent } from './calendar/calendar.events.js';
export type { CampaignEvent } from './campaign/campaign.events.js';
export type { CutoffEvent } from './cutoff/cutoff.events.js';
export type { DonationEvent } from './donation/donation.events.js';
export type { FundEvent } from './fund/fund.events.js';
export type { FundRefusal } from './fund/fund.refusals.js';
export type { KeyEvent } from './key/key.events.js';
export type { LedgerState } from './ledger/ledger.decider.js';
export type { LedgerEvent } from './ledger/ledger.events.js';
export type { MerchantEvent } from './merchant/merchant.events.js';
export type { PeriodEvent } from './period/period.events.js';
export type { ProgrammeEvent } from './programme/programme.events.js';
export type { SettlementEvent } from './settlement/settlement.events.js';
export type { VoucherEvent } from './voucher/voucher.events.js';
