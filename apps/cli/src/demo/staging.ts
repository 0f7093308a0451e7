import { Refused } from '@aidtrail/client';
import type { Signer } from '@aidtrail/envelope';
import type { BasketLine } from './baskets.js';
import type { RosterFile } from './rosters.js';
import { UnexpectedAnswer, type World } from './world.js';

/** What is handed in beside commands: gifts, rosters, batches; and the slips that come back. */

/** A gift as a payment channel reports it; the amount in fen. */
export interface GiftRow {
  readonly paymentReference: string;
  readonly amountMinor: number;
  readonly displayName?: string;
  readonly namedConsent?: boolean;
}

export interface StagedIntake {
  readonly count: number;
  readonly totalMinor: number;
  readonly rowsRoot: string;
}

export async function stageIntake(
  world: World,
  channel: Signer,
  intake: {
    readonly intake: string;
    readonly fund: string;
    readonly channel: string;
    readonly rows: readonly GiftRow[];
  },
): Promise<StagedIntake> {
  const query = new URLSearchParams({ intake: intake.intake, fund: intake.fund, channel: intake.channel });
  const body = intake.rows.map((row) => JSON.stringify(row)).join('\n') + '\n';
  return (await world.client.post(
    `/intakes?${query.toString()}`,
    body,
    channel,
    'application/x-ndjson',
  )) as StagedIntake;
}

/** One line of the table that comes back with a refused roster; it holds no personal value. */
export interface RosterProblem {
  readonly scope: string;
  readonly line: number;
  readonly column: string;
  readonly code: string;
  readonly sentenceZh: string;
  readonly sentenceEn: string;
}

export type RosterAnswer =
  | { readonly status: 'imported'; readonly rosterId: string; readonly rowCount: number }
  | { readonly status: 'refused'; readonly code: string; readonly problems: readonly RosterProblem[] };

/** Sends a roster's bytes as they are; lines may be left out by number. */
export async function uploadRoster(
  world: World,
  registrar: Signer,
  upload: {
    readonly programme: string;
    readonly campaign: string;
    readonly file: RosterFile;
    readonly exclude?: readonly number[];
  },
): Promise<RosterAnswer> {
  const query = new URLSearchParams({ programme: upload.programme, campaign: upload.campaign });
  if (upload.exclude !== undefined) query.set('exclude', upload.exclude.join(','));
  try {
    const answer = await world.client.post(`/rosters?${query.toString()}`, upload.file.bytes, registrar, 'text/csv');
    const { rosterId, summary } = answer as { rosterId: string; summary: { rowCount: number } };
    return { status: 'imported', rosterId, rowCount: summary.rowCount };
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    const problem = fault.problem as unknown as { code: string; problems?: readonly RosterProblem[] };
    return { status: 'refused', code: problem.code, problems: problem.problems ?? [] };
  }
}

export interface PreparedBatch {
  readonly batch: string;
  readonly count: number;
  readonly rosterRoot: string;
  readonly communities: readonly string[];
}

export async function prepareBatch(
  world: World,
  registrar: Signer,
  of: { readonly roster: string; readonly batch: string; readonly campaign: string; readonly partner: string },
): Promise<PreparedBatch> {
  const { batch, campaign, partner } = of;
  const path = `/rosters/${of.roster}/batches`;
  return (await world.client.post(path, { batch, campaign, partner }, registrar)) as PreparedBatch;
}

export interface Slip {
  readonly number: number;
  readonly voucherId: string;
  readonly group: string;
}

/** All slips of a batch, page by page; the ledger notes who read them and why. */
export async function fetchSlips(
  world: World,
  worker: Signer,
  of: { readonly batch: string; readonly count: number },
): Promise<readonly Slip[]> {
  const slips: Slip[] = [];
  while (slips.length < of.count) {
    const path = `/batches/${of.batch}/slips?from=${slips.length}&limit=${SLIPS_AT_A_TIME}&purpose=distribution`;
    const page = (await world.client.get(path, worker)) as { readonly slips: readonly Slip[] };
    if (page.slips.length === 0) throw new UnexpectedAnswer('The slips of a batch end too early.');
    slips.push(...page.slips);
  }
  return slips;
}

const SLIPS_AT_A_TIME = 100;

export interface Quote {
  readonly lines: readonly { readonly verdict: 'allowed' | 'denied'; readonly rule: string }[];
  readonly payableMinor: number;
}

/** What a voucher of the campaign would pay of a basket; nothing is recorded. */
export async function quote(
  world: World,
  till: Signer,
  of: { readonly campaign: string; readonly basket: readonly BasketLine[] },
): Promise<Quote> {
  return (await world.client.post('/redemptions/quote', of, till)) as Quote;
}

/** The trace code of one gift of an intake. The channel would go through the pages and send every donor theirs. */
export async function traceCodeOf(
  world: World,
  channel: Signer,
  gift: { readonly intake: string; readonly number: number },
): Promise<string> {
  // One line of a list of JSON values is a JSON value.
  const page = `/intakes/${gift.intake}/trace-codes?from=${gift.number}&limit=1`;
  const { traceCode } = (await world.client.get(page, channel)) as { readonly traceCode?: string };
  if (traceCode === undefined) throw new UnexpectedAnswer(`Gift ${gift.number} has no trace code.`);
  return traceCode;
}
