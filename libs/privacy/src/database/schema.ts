import type { GeneratedAlways } from 'kysely';

/** The tables of the schema `registry`, as queries see them; made by `migrate.ts`. */
export interface RegistryTables {
  'registry.settings': { name: string; value: Buffer };
  'registry.people': {
    person_id: string;
    programme_id: string;
    /** The person's own key under the master key; null after erasure. */
    wrapped_key: Buffer | null;
    /** Name, numbers, address under the person's key; null after erasure. */
    sealed: Buffer | null;
    registered_at: Date;
    erased_at: Date | null;
    erasure_reason: string | null;
    erased_by: string | null;
  };
  'registry.person_duplicates': { programme_id: string; pepper_version: number; tag: Buffer; person_id: string };
  /** See `search-people.ts`. */
  'registry.person_finders': {
    programme_id: string;
    kind: 'name' | 'phone';
    pepper_version: number;
    tag: Buffer;
    person_id: string;
  };
  'registry.person_searches': {
    ordinal: GeneratedAlways<string>;
    campaign_id: string;
    /** What was searched by, never what for. */
    terms: string[];
    purpose: string;
    case_reference: string | null;
    reader_key_id: string;
    found: number;
    searched_at: Date;
  };
  'registry.person_reads': {
    ordinal: GeneratedAlways<string>;
    person_id: string;
    purpose: string;
    case_reference: string | null;
    reader_key_id: string;
    read_at: Date;
  };
  'registry.rosters': {
    roster_id: string;
    programme_id: string;
    campaign_id: string;
    file_tag: Buffer;
    row_count: number;
    status: 'active' | 'withdrawn';
    imported_at: Date;
    imported_by: string;
  };
  'registry.roster_rows': { roster_id: string; line: number; person_id: string; sealed: Buffer | null };
  'registry.batches': {
    batch_id: string;
    roster_id: string;
    programme_id: string;
    campaign_id: string;
    partner_id: string;
    kind: string;
    wrapped_secret: Buffer;
    status: 'drawing' | 'prepared' | 'released';
    row_count: number | null;
    roster_root: Buffer | null;
    created_at: Date;
  };
  'registry.batch_rows': {
    batch_id: string;
    number: number;
    voucher_id: string;
    person_id: string;
    commitment: Buffer;
    /** Seal key (32 bytes) ‖ salt (16) ‖ JSON of group and community, under the person's key; null after erasure. */
    sealed: Buffer | null;
  };
  /** See `leftovers.ts`. */
  'registry.leftovers': { kind: 'voucher' | 'donation'; id: string };
  'registry.intakes': {
    intake_id: string;
    fund_id: string;
    channel: string;
    file_digest: string | null;
    content_digest: Buffer;
    row_count: number;
    total_minor: string;
    rows_root: Buffer;
    staged_at: Date;
    /** Key id; null for what was staged before it was kept. */
    staged_by: string | null;
  };
  'registry.donations': {
    donation_id: string;
    intake_id: string;
    number: number;
    amount_minor: string;
    named_consent: boolean;
    commitment: Buffer;
    trace_hash: Buffer | null;
    wrapped_key: Buffer | null;
    sealed: Buffer | null;
    sealed_contact: Buffer | null;
    erased_at: Date | null;
  };
}
