import { createHash, timingSafeEqual } from 'node:crypto';
import { base64Encode, canonicalBytes } from '@aidtrail/envelope';
import { CompactRange, createTreeHasher } from '@aidtrail/public-log';
import type pg from 'pg';
import { derivedId, sealJson, sha256 } from '../crypto/sealing.js';
import { inTransaction } from '../database/registry-database.js';
import { places, type RegistryContext } from '../registry-context.js';
import { readIntakeRow, type IntakeRow, type IntakeRowFault, type IntakeRowInput } from './intake-row.js';
import { requireAllRowsOrThrow, withStagingTable, type SealedDonation, type StagingTable } from './staging-table.js';
import { formatTraceCode } from './trace-code.js';

export interface StageIntakeRequest {
  readonly intakeId: string;
  readonly fundId: string;
  readonly channel: string;
  /** The channel's key, 64 hex digits: later it may ask for the trace codes. */
  readonly stagedBy: string;
  /** At most a million; read once, in order. */
  readonly rows: AsyncIterable<IntakeRowInput>;
  /** Base64 of the SHA-256 of the file that the rows come from. */
  readonly fileDigest?: string;
}

export interface StagedIntake {
  readonly intakeId: string;
  readonly count: number;
  readonly totalMinor: number;
  /** RFC 6962 root over the donations' commitments (32 bytes each) in the order given, base64. */
  readonly rowsRoot: string;
}

export type IntakeRefusal =
  | { readonly code: 'intake_differs' }
  | { readonly code: 'file_already_staged'; readonly intakeId: string }
  | { readonly code: 'intake_empty' | 'too_many_rows' | 'total_too_large' }
  | {
      readonly code: 'rows_malformed';
      readonly faults: readonly { readonly line: number; readonly code: IntakeRowFault }[];
    }
  | { readonly code: 'duplicate_payment_reference'; readonly lines: readonly number[] };

export type StageIntakeResult =
  ({ readonly status: 'staged' } & StagedIntake) | ({ readonly status: 'refused' } & IntakeRefusal);

export const maximumIntakeRows = 1_000_000;
const chunkRows = 2000;

/** Carries a refusal out of the transaction, so that it is rolled back. */
class Refused extends Error {
  constructor(readonly refusal: IntakeRefusal) {
    super(refusal.code);
  }
}

/**
 * Takes an intake into the register of donors, whole or not at all, before it becomes events. Each donation gets its id
 * (UUIDv8 of HMAC-SHA-256(ledger secret, JSON of [channel, payment reference])), so the same payment cannot come twice,
 * whichever intake it is in; its own key; a salted commitment; and a trace code for the donor.
 *
 * Staging the same intake again returns the same result; another content under its id is refused. Rows first go to a
 * table of their own as they come, and once all are there, in order of id, to the register in one statement: two intakes that
 * overlap cannot deadlock, the unique index makes the later one see the duplicates, and however slowly a file comes, it
 * holds no transaction open and no connection back. Throws `StagingLost` when the database crashed in between.
 */
export async function stageIntake(
  context: RegistryContext,
  ledgerSecret: Uint8Array,
  request: StageIntakeRequest,
): Promise<StageIntakeResult> {
  try {
    const staged = await withStagingTable(context.pool, async (table) => {
      const tally = await stageRows(context, table, { ledgerSecret, request });
      return inTransaction(context.pool, (client) => keepIntake(context, client, { request, tally, table }));
    });
    return { status: 'staged', ...staged };
  } catch (error) {
    if (error instanceof Refused) return { status: 'refused', ...error.refusal };
    throw error;
  }
}

interface Tally {
  readonly count: number;
  readonly totalMinor: number;
  readonly rowsRoot: Uint8Array;
  /** SHA-256 over ids, amounts and consents in order: the same content or not. */
  readonly contentDigest: Buffer;
}

async function stageRows(
  context: RegistryContext,
  table: StagingTable,
  { ledgerSecret, request }: { ledgerSecret: Uint8Array; request: StageIntakeRequest },
): Promise<Tally> {
  const hasher = createTreeHasher(sha256);
  const tree = new CompactRange(hasher);
  const content = createHash('sha256').update(JSON.stringify([request.fundId, request.channel]));
  const faults: { line: number; code: IntakeRowFault }[] = [];
  let chunk: SealedDonation[] = [];
  let writing: Promise<void> = Promise.resolve();
  let count = 0;
  let total = 0n;
  for await (const input of request.rows) {
    const number = count;
    count += 1;
    if (count > maximumIntakeRows) throw new Refused({ code: 'too_many_rows' });
    const line = input.line ?? count;
    const row = readIntakeRow(input);
    if ('fault' in row) faults.push({ line, code: row.fault });
    // Once a row is bad the rest is only checked: the answer will be the list of faults.
    if ('fault' in row || faults.length > 0) continue;
    const donationId = deriveDonationId(ledgerSecret, request.channel, row.paymentReference);
    const donation = sealDonation(context, { number, line, donationId, row });
    tree.append(hasher.leafHash(donation.commitment));
    content.update(`${donationId} ${row.amountMinor} ${row.namedConsent}\n`);
    total += BigInt(row.amountMinor);
    chunk.push(donation);
    if (chunk.length === chunkRows) {
      // One chunk is written while the next is sealed; a failure shows at the next await of it.
      await writing;
      writing = table.add(chunk);
      writing.catch(() => undefined);
      chunk = [];
    }
  }
  await writing;
  if (faults.length > 0) throw new Refused({ code: 'rows_malformed', faults });
  if (count === 0) throw new Refused({ code: 'intake_empty' });
  if (total > BigInt(Number.MAX_SAFE_INTEGER)) throw new Refused({ code: 'total_too_large' });
  if (chunk.length > 0) await table.add(chunk);
  return { count, totalMinor: Number(total), rowsRoot: tree.root(), contentDigest: content.digest() };
}

/** The id of a donation; the same payment reference of the same channel always gives the same id. */
export function deriveDonationId(ledgerSecret: Uint8Array, channel: string, paymentReference: string): string {
  return derivedId(ledgerSecret, JSON.stringify([channel, paymentReference]));
}

/** SHA-256(salt ‖ JCS of {v:1, amountMinor, donation}): 32 bytes. The salt has 16 bytes. */
export function donationCommitment(
  salt: Uint8Array,
  row: { readonly amountMinor: number; readonly donation: string },
): Uint8Array {
  const { amountMinor, donation } = row;
  return sha256(Buffer.concat([salt, canonicalBytes({ v: 1, amountMinor, donation })]));
}

/** What stays readable as long as the books must be kept. */
export interface DonationSecret {
  readonly paymentReference: string;
  readonly traceCode: string;
  /** base64 of 16 bytes */
  readonly salt: string;
}

/** What goes when a donor wants to be forgotten. */
export interface DonorContact {
  readonly displayName?: string;
  readonly contact?: string;
}

function sealDonation(
  context: RegistryContext,
  { number, line, donationId, row }: { number: number; line: number; donationId: string; row: IntakeRow },
): SealedDonation {
  const { random, keys } = context;
  const key = random.take(32);
  const salt = random.take(16);
  const traceBits = random.take(16);
  const { amountMinor, namedConsent, paymentReference, displayName, contact } = row;
  const secret: DonationSecret = {
    paymentReference,
    traceCode: formatTraceCode(traceBits),
    salt: Buffer.from(salt).toString('base64'),
  };
  const donor: DonorContact = {
    ...(displayName === undefined ? {} : { displayName }),
    ...(contact === undefined ? {} : { contact }),
  };
  const isAnonymous = displayName === undefined && contact === undefined;
  return {
    number,
    line,
    donationId,
    amountMinor,
    namedConsent,
    commitment: donationCommitment(salt, { amountMinor, donation: donationId }),
    traceHash: sha256(traceBits),
    wrappedKey: keys.wrap(key, places.donationKey(donationId)),
    sealed: sealJson(key, secret, places.donation(donationId), random.take(12)),
    sealedContact: isAnonymous ? null : sealJson(key, donor, places.donorContact(donationId), random.take(12)),
  };
}

async function keepIntake(
  context: RegistryContext,
  client: pg.PoolClient,
  { request, tally, table }: { request: StageIntakeRequest; tally: Tally; table: StagingTable },
): Promise<StagedIntake> {
  await requireAllRowsOrThrow(client, table, tally.count);
  const { intakeId, fundId, channel, fileDigest, stagedBy } = request;
  const inserted = await client.query(
    `insert into registry.intakes
       (intake_id, fund_id, channel, file_digest, content_digest, row_count, total_minor, rows_root, staged_at,
        staged_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    [
      intakeId,
      fundId,
      channel,
      fileDigest ?? null,
      tally.contentDigest,
      tally.count,
      tally.totalMinor,
      tally.rowsRoot,
      context.now(),
      stagedBy,
    ],
  );
  if (inserted.rowCount === 0) return existingIntake(client, request, tally);
  const kept = await client.query(
    `insert into registry.donations
       (donation_id, intake_id, number, amount_minor, named_consent, commitment, trace_hash, wrapped_key, sealed,
        sealed_contact)
     select donation_id, $1, number, amount_minor, named_consent, commitment, trace_hash, wrapped_key, sealed,
            sealed_contact
       from ${table.name} order by donation_id, number
     on conflict (donation_id) do nothing`,
    [intakeId],
  );
  if (kept.rowCount !== tally.count) {
    const { rows } = await client.query<{ line: number }>(
      `select line from ${table.name} s
        where not exists (select from registry.donations d
                           where d.donation_id = s.donation_id and d.intake_id = $1 and d.number = s.number)
        order by s.number`,
      [intakeId],
    );
    throw new Refused({ code: 'duplicate_payment_reference', lines: rows.map(({ line }) => line) });
  }
  const { count, totalMinor, rowsRoot } = tally;
  return { intakeId, count, totalMinor, rowsRoot: base64Encode(rowsRoot) };
}

async function existingIntake(
  client: pg.PoolClient,
  { intakeId, channel, fileDigest }: StageIntakeRequest,
  tally: Tally,
): Promise<StagedIntake> {
  const { rows } = await client.query<{
    row_count: number;
    total_minor: string;
    rows_root: Buffer;
    content_digest: Buffer;
  }>('select row_count, total_minor, rows_root, content_digest from registry.intakes where intake_id = $1', [intakeId]);
  const existing = rows[0];
  if (existing !== undefined) {
    if (!timingSafeEqual(existing.content_digest, tally.contentDigest)) throw new Refused({ code: 'intake_differs' });
    const { row_count: count, total_minor: total, rows_root: root } = existing;
    return { intakeId, count, totalMinor: Number(total), rowsRoot: base64Encode(root) };
  }
  const sameFile = await client.query<{ intake_id: string }>(
    'select intake_id from registry.intakes where channel = $1 and file_digest = $2',
    [channel, fileDigest],
  );
  throw new Refused({ code: 'file_already_staged', intakeId: sameFile.rows[0]?.intake_id ?? '' });
}
