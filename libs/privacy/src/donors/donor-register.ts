import { timingSafeEqual } from 'node:crypto';
import { base64Encode, isUuid } from '@aidtrail/envelope';
import { hmac, openJsonOrThrow, sha256 } from '../crypto/sealing.js';
import { requireSameSecretOrThrow } from '../database/registry-database.js';
import { openRegistryContext, places, type RegisterOptions, type RegistryContext } from '../registry-context.js';
import {
  eraseDonation,
  reapplyDonationErasures,
  type DonationErasureOrder,
  type DonationErasureResult,
} from './erase-donation.js';
import {
  stageIntake,
  type DonationSecret,
  type DonorContact,
  type StagedIntake,
  type StageIntakeRequest,
  type StageIntakeResult,
} from './stage-intake.js';
import { StagingLimit } from './staging-limit.js';
import { dropForgottenStagings } from './staging-table.js';
import { parseTraceCode } from './trace-code.js';

export type DonorRegisterOptions = RegisterOptions & {
  /** 32 bytes; donation ids are derived from it, so it never changes. */
  readonly ledgerSecret: Uint8Array;
};

interface TooManyStagings {
  readonly status: 'too_many_stagings';
  readonly retryAfterSeconds: number;
}

/** An upload takes minutes at most; most take seconds. */
const RETRY_STAGING_AFTER_SECONDS = 10;

/** One staged donation of an intake, as recording it needs it. */
export interface IntakePlanRow {
  /** 0-based position in the intake. */
  readonly number: number;
  readonly donationId: string;
  readonly amountMinor: number;
  /** base64 of 32 bytes */
  readonly commitment: string;
  /** False as well after the donor's name was erased: it must not be published any more. */
  readonly namedConsent: boolean;
  readonly displayName?: string;
  readonly channel: string;
  /** The word `erased` if the whole donation was. */
  readonly paymentReference: string;
  /** 32 bytes; a throw-away if the whole donation was erased. */
  readonly sealKey: Uint8Array;
}

export type TraceCodeResult =
  | { readonly status: 'found'; readonly donationId: string; readonly intakeId: string; readonly number: number }
  | { readonly status: 'not_found' | 'malformed' };

/** The code for one donor's receipt; absent once the donation was erased. */
export interface TraceCodeRow {
  /** 0-based position in the intake. */
  readonly number: number;
  readonly donationId: string;
  readonly traceCode?: string;
}

/** Whose an intake is. */
export interface IntakeOwner {
  readonly fundId: string;
  /** The key that staged it, 64 hex digits; absent where that was not written down. */
  readonly stagedBy?: string;
}

/** The register of donors: what is private about donations, staged before an intake becomes events. */
export interface DonorRegister {
  /** A key stages one intake at a time, a register four: beyond that nothing of the rows is read. */
  stageIntake(request: StageIntakeRequest): Promise<StageIntakeResult | TooManyStagings>;
  /** Forgets an intake that the ledger refused, so that its payments can come again. True if there was one. */
  discardIntake(intakeId: string): Promise<boolean>;
  stagedIntake(intakeId: string): Promise<StagedIntake | undefined>;
  /** The rows from `fromNumber` on, at most `limit`, in order of number and always the same. */
  intakePlan(intakeId: string, fromNumber: number, limit: number): Promise<readonly IntakePlanRow[]>;
  /** Untrusted: `code` comes from a public form. */
  donationByTraceCode(code: string): Promise<TraceCodeResult>;
  intakeOwner(intakeId: string): Promise<IntakeOwner | undefined>;
  /** From `fromNumber` on, at most `limit`, in order of number: one query, whatever the number. */
  traceCodes(intakeId: string, fromNumber: number, limit: number): Promise<readonly TraceCodeRow[]>;
  /** Keys of the donations' disclosures, 32 bytes; ids of no donation are left out. */
  sealKeysOf(donationIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | 'erased'>>;
  eraseDonation(donationId: string, order: DonationErasureOrder): Promise<DonationErasureResult>;
  reapplyErasures(): Promise<number>;
  close(): Promise<void>;
}

/** Migrates, checks the secrets and applies the list of erasures before it is handed out. Throws if any of this fails. */
export async function createDonorRegister(options: DonorRegisterOptions): Promise<DonorRegister> {
  const { ledgerSecret } = options;
  if (ledgerSecret.length !== 32) throw new RangeError('The ledger secret has 32 bytes.');
  const context = await openRegistryContext(options);
  try {
    await requireSameSecretOrThrow(context.db, { name: 'ledger-secret', key: ledgerSecret });
    await reapplyDonationErasures(context);
    await dropForgottenStagings(context.pool);
  } catch (error) {
    await context.close();
    throw error;
  }
  const limit = new StagingLimit();
  return {
    stageIntake: async (request) =>
      (await limit.within(request.stagedBy, () => stageIntake(context, ledgerSecret, request))) ?? {
        status: 'too_many_stagings',
        retryAfterSeconds: RETRY_STAGING_AFTER_SECONDS,
      },
    discardIntake: (intakeId) => discardIntake(context, intakeId),
    stagedIntake: (intakeId) => stagedIntake(context, intakeId),
    intakePlan: (intakeId, fromNumber, limit) => intakePlan(context, ledgerSecret, { intakeId, fromNumber, limit }),
    donationByTraceCode: (code) => donationByTraceCode(context, code),
    intakeOwner: (intakeId) => intakeOwner(context, intakeId),
    traceCodes: (intakeId, fromNumber, limit) => traceCodes(context, { intakeId, fromNumber, limit }),
    sealKeysOf: (donationIds) => donationSealKeys(context, donationIds),
    eraseDonation: (donationId, order) => eraseDonation(context, donationId, order),
    reapplyErasures: () => reapplyDonationErasures(context),
    close: () => context.close(),
  };
}

async function stagedIntake(context: RegistryContext, intakeId: string): Promise<StagedIntake | undefined> {
  const intake = await context.db
    .selectFrom('registry.intakes')
    .select(['row_count', 'total_minor', 'rows_root'])
    .where('intake_id', '=', intakeId)
    .executeTakeFirst();
  if (intake === undefined) return undefined;
  const { row_count: count, total_minor: total, rows_root: root } = intake;
  return { intakeId, count, totalMinor: Number(total), rowsRoot: base64Encode(root) };
}

async function discardIntake(context: RegistryContext, intakeId: string): Promise<boolean> {
  return context.db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('registry.donations').where('intake_id', '=', intakeId).execute();
    const { numDeletedRows } = await transaction
      .deleteFrom('registry.intakes')
      .where('intake_id', '=', intakeId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  });
}

interface StoredDonation {
  readonly number: number;
  readonly donation_id: string;
  readonly amount_minor: string;
  readonly named_consent: boolean;
  readonly commitment: Buffer;
  readonly wrapped_key: Buffer | null;
  readonly sealed: Buffer | null;
  readonly sealed_contact: Buffer | null;
  readonly channel: string;
}

async function intakePlan(
  context: RegistryContext,
  ledgerSecret: Uint8Array,
  page: { readonly intakeId: string; readonly fromNumber: number; readonly limit: number },
): Promise<readonly IntakePlanRow[]> {
  const { rows } = await context.pool.query<StoredDonation>(
    `select d.number, d.donation_id, d.amount_minor, d.named_consent, d.commitment, d.wrapped_key, d.sealed,
            d.sealed_contact, i.channel
       from registry.donations d join registry.intakes i on i.intake_id = d.intake_id
      where d.intake_id = $1 and d.number >= $2
      order by d.number limit $3`,
    [page.intakeId, page.fromNumber, page.limit],
  );
  return rows.map((row) => planRow(context, ledgerSecret, row));
}

function planRow(context: RegistryContext, ledgerSecret: Uint8Array, row: StoredDonation): IntakePlanRow {
  const donationId = row.donation_id;
  const base = {
    number: row.number,
    donationId,
    amountMinor: Number(row.amount_minor),
    commitment: base64Encode(row.commitment),
    channel: row.channel,
  };
  const key = donationKeyOrThrow(context, row);
  if (key === undefined || row.sealed === null) {
    // Derived, so that a resumed recording seals the same bytes again.
    const sealKey = new Uint8Array(hmac(ledgerSecret, `erased:${donationId}`));
    return { ...base, namedConsent: false, paymentReference: 'erased', sealKey };
  }
  const { paymentReference } = openJsonOrThrow(key, row.sealed, places.donation(donationId)) as DonationSecret;
  const donor =
    row.sealed_contact === null
      ? {}
      : (openJsonOrThrow(key, row.sealed_contact, places.donorContact(donationId)) as DonorContact);
  const { displayName } = donor;
  return {
    ...base,
    namedConsent: row.named_consent && displayName !== undefined,
    ...(displayName === undefined ? {} : { displayName }),
    paymentReference,
    sealKey: new Uint8Array(key),
  };
}

function donationKeyOrThrow(
  context: RegistryContext,
  row: Pick<StoredDonation, 'donation_id' | 'wrapped_key'>,
): Buffer | undefined {
  if (row.wrapped_key === null) return undefined;
  return context.keys.unwrapOrThrow(row.wrapped_key, places.donationKey(row.donation_id));
}

async function donationByTraceCode(context: RegistryContext, code: string): Promise<TraceCodeResult> {
  const bits = parseTraceCode(code);
  if (bits === undefined) return { status: 'malformed' };
  const hash = Buffer.from(sha256(bits));
  const row = await context.db
    .selectFrom('registry.donations')
    .select(['donation_id', 'intake_id', 'number', 'trace_hash'])
    .where('trace_hash', '=', hash)
    .executeTakeFirst();
  if (row === undefined || row.trace_hash === null || !timingSafeEqual(row.trace_hash, hash))
    return { status: 'not_found' };
  return { status: 'found', donationId: row.donation_id, intakeId: row.intake_id, number: row.number };
}

async function intakeOwner(context: RegistryContext, intakeId: string): Promise<IntakeOwner | undefined> {
  const intake = await context.db
    .selectFrom('registry.intakes')
    .select(['fund_id', 'staged_by'])
    .where('intake_id', '=', intakeId)
    .executeTakeFirst();
  if (intake === undefined) return undefined;
  return { fundId: intake.fund_id, ...(intake.staged_by === null ? {} : { stagedBy: intake.staged_by }) };
}

async function traceCodes(
  context: RegistryContext,
  page: { readonly intakeId: string; readonly fromNumber: number; readonly limit: number },
): Promise<readonly TraceCodeRow[]> {
  const rows = await context.db
    .selectFrom('registry.donations')
    .select(['number', 'donation_id', 'wrapped_key', 'sealed'])
    .where('intake_id', '=', page.intakeId)
    .where('number', '>=', page.fromNumber)
    .orderBy('number')
    .limit(page.limit)
    .execute();
  return rows.map((row) => {
    const { number, donation_id: donationId } = row;
    const key = donationKeyOrThrow(context, row);
    if (key === undefined || row.sealed === null) return { number, donationId };
    const { traceCode } = openJsonOrThrow(key, row.sealed, places.donation(donationId)) as DonationSecret;
    return { number, donationId, traceCode };
  });
}

async function donationSealKeys(
  context: RegistryContext,
  donationIds: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array | 'erased'>> {
  const { rows } = await context.pool.query<Pick<StoredDonation, 'donation_id' | 'wrapped_key'>>({
    name: 'registry-donation-seal-keys',
    text: 'select donation_id, wrapped_key from registry.donations where donation_id = any($1::uuid[])',
    values: [donationIds.filter(isUuid)],
  });
  return new Map(
    rows.map((row) => {
      const key = donationKeyOrThrow(context, row);
      return [row.donation_id, key === undefined ? 'erased' : new Uint8Array(key)];
    }),
  );
}
