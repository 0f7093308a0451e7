import { batchConcept } from '../batch/batch.decider.js';
import { calendarConcept } from '../calendar/calendar.decider.js';
import { campaignConcept } from '../campaign/campaign.decider.js';
import { cutoffConcept } from '../cutoff/cutoff.decider.js';
import { donationConcept } from '../donation/donation.decider.js';
import { figuresConcept } from '../figures/figures.decider.js';
import { fundConcept } from '../fund/fund.decider.js';
import { entitlementRefusals, type EntitlementRefusal } from '../kernel/entitlement.js';
import { broughtKeyRefusals, type BroughtKeyRefusal } from './brought-keys.js';
import type { Context, RefusalText } from '../kernel/concept.js';
import type { DomainEvent, FactRequest, Recorded, Refusal } from '../kernel/decider.js';
import type { Packing } from '../kernel/packing.js';
import type { CommandSpec, EventSpec } from '../kernel/table.js';
import { keyConcept } from '../key/key.decider.js';
import { ledgerConcept } from '../ledger/ledger.decider.js';
import { merchantConcept } from '../merchant/merchant.decider.js';
import { periodConcept } from '../period/period.decider.js';
import { programmeConcept } from '../programme/programme.decider.js';
import { settlementConcept } from '../settlement/settlement.decider.js';
import { voucherConcept } from '../voucher/voucher.decider.js';
import type { AnyCommand } from './tables.js';

/** Every kind of stream, by the category that its name begins with. */
export const concepts = {
  ledger: ledgerConcept,
  calendar: calendarConcept,
  key: keyConcept,
  programme: programmeConcept,
  fund: fundConcept,
  donation: donationConcept,
  campaign: campaignConcept,
  batch: batchConcept,
  voucher: voucherConcept,
  merchant: merchantConcept,
  cutoff: cutoffConcept,
  settlement: settlementConcept,
  period: periodConcept,
  figures: figuresConcept,
} as const;

export type Category = keyof typeof concepts;

/**
 * A concept as a generic pipeline sees it, which does not know whose command or state it holds. Give it only what came
 * from the same concept: its own parsed command, the state that its own decider folded.
 */
export interface AnyConcept {
  readonly category: string;
  readonly events: Readonly<Record<string, EventSpec>>;
  readonly commands: Readonly<Record<string, CommandSpec>>;
  readonly refusals: Readonly<Record<string, RefusalText>>;
  readonly decider: {
    readonly initial: unknown;
    decide(
      command: AnyCommand,
      state: unknown,
      facts: { readonly context: Context },
    ): readonly DomainEvent[] | Refusal<DeciderRefusal>;
    evolve(state: unknown, event: Recorded<DomainEvent>): unknown;
  };
  readonly packing?: Packing<unknown>;
  streamOf(command: AnyCommand): string;
  needs(command: AnyCommand, state: unknown, have: Readonly<Record<string, unknown>>): readonly FactRequest[];
}

// The one place where the concepts' own types are set aside.
const anyConcepts = concepts as unknown as Readonly<Record<Category, AnyConcept>>;

/** Every refusal that a stream's own decider can give. */
export type DeciderRefusal = { [K in Category]: keyof (typeof concepts)[K]['refusals'] & string }[Category];
export type DomainRefusal = DeciderRefusal | EntitlementRefusal | BroughtKeyRefusal;

const byCommand = new Map<string, AnyConcept>(
  Object.values(anyConcepts).flatMap((concept) =>
    Object.keys(concept.commands).map((type): [string, AnyConcept] => [type, concept]),
  ),
);

/** The concept whose stream decides this command, or undefined if there is no such command. */
export function commandConcept(type: string): AnyConcept | undefined {
  return byCommand.get(type);
}

/** The concept of a stream such as `voucher-…`, or undefined for a category that this version does not know. */
export function streamConcept(stream: string): AnyConcept | undefined {
  const category = stream.slice(0, stream.indexOf('-'));
  return Object.hasOwn(concepts, category) ? anyConcepts[category as Category] : undefined;
}

/**
 * What a refusal says to people, and whether anyone (L1) or only an auditor with disclosures (L2) can check it. Several
 * concepts may give the same code; `category` tells whose text is meant, otherwise the most general one is.
 */
export function refusalText(code: string, category?: Category): RefusalText | undefined {
  const own = category === undefined ? undefined : textIn(anyConcepts[category].refusals, code);
  return own ?? texts.get(code);
}

function textIn(refusals: Readonly<Record<string, RefusalText>>, code: string): RefusalText | undefined {
  return Object.hasOwn(refusals, code) ? refusals[code] : undefined;
}

/** Of equal codes the last counts: entitlement's, else that of the concept which stands first. */
const texts = new Map<string, RefusalText>(
  [entitlementRefusals, broughtKeyRefusals, ...Object.values(anyConcepts).map(({ refusals }) => refusals)]
    .reverse()
    .flatMap((refusals) => Object.entries<RefusalText>(refusals)),
);
