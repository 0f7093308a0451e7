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
