import type { RegistryContext } from '../registry-context.js';

/** Why somebody may look at a person's data. A closed list: what is not on it is no reason. */
export const readPurposes = [
  'claim_check',
  'distribution',
  'household_visit',
  'complaint',
  'correction',
  'duplicate_review',
  'fraud_review',
  'verification_sample',
  'subject_access',
  'legal_request',
] as const;
export type ReadPurpose = (typeof readPurposes)[number];

/** Who looks, and why. `caseReference` is like `CASE-2026-0017`: never free text, which could hold what it should not. */
export interface Access {
  readonly purpose: ReadPurpose;
  /** 64 hex digits: SHA-256 of the reader's public key. */
  readonly readerKeyId: string;
  readonly caseReference?: string;
}

export type AccessRefusal = {
  readonly status: 'refused';
  readonly code: 'purpose_unknown' | 'reader_key_malformed' | 'case_reference_malformed';
};

export interface RecordedRead {
  readonly purpose: ReadPurpose;
  readonly caseReference?: string;
  readonly readerKeyId: string;
  readonly readAt: Date;
}

/** Untrusted: all three fields come from a request. Order of precedence: purpose, reader, case. */
export function refuseAccess(access: Access): AccessRefusal | undefined {
  if (!readPurposes.includes(access.purpose)) return { status: 'refused', code: 'purpose_unknown' };
  if (!/^[0-9a-f]{64}$/.test(access.readerKeyId)) return { status: 'refused', code: 'reader_key_malformed' };
  const reference = access.caseReference;
  // Groups of at most eight characters: too short for an identity or telephone number.
  if (reference !== undefined && !/^[A-Z]{1,8}(?:-[0-9A-Z]{1,8}){1,3}$/.test(reference)) {
    return { status: 'refused', code: 'case_reference_malformed' };
  }
  return undefined;
}

/** Committed before anything is decrypted: data that was seen without a record cannot exist. */
export async function recordReads(
  context: RegistryContext,
  personIds: readonly string[],
  access: Access,
): Promise<void> {
  if (personIds.length === 0) return;
  await context.pool.query(
    `insert into registry.person_reads (person_id, purpose, case_reference, reader_key_id, read_at)
     select person_id, $2, $3, $4, $5 from unnest($1::uuid[]) as person_id`,
    [personIds, access.purpose, access.caseReference ?? null, access.readerKeyId, context.now()],
  );
}

/** Every recorded read of a person, oldest first. It survives erasure: it holds no personal data. */
export async function readsOf(context: RegistryContext, personId: string): Promise<readonly RecordedRead[]> {
  const rows = await context.db
    .selectFrom('registry.person_reads')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('ordinal')
    .execute();
  return rows.map((row) => ({
    purpose: row.purpose as ReadPurpose,
    ...(row.case_reference === null ? {} : { caseReference: row.case_reference }),
    readerKeyId: row.reader_key_id,
    readAt: row.read_at,
  }));
}
