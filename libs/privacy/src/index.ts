export { createPeopleRegistry } from './people/people-registry.js';
export type { PeopleRegistry, PeopleRegistryOptions, ReadPersonResult } from './people/people-registry.js';
export type { IdentityNumber, Pepper } from './people/duplicate-tags.js';
export type { PersonDetails } from './people/person.js';
export { mostPeopleFound, searchesPerHour } from './people/search-people.js';
export type { PersonSearch, SearchPeopleResult } from './people/search-people.js';
export type { MaskedPerson } from './people/masked-person.js';
export { readPurposes } from './people/access.js';
export type { Access, AccessRefusal, ReadPurpose, RecordedRead } from './people/access.js';
export type { ErasureOrder, ErasureResult } from './people/erase-person.js';
export type { RosterImportRequest, RosterImportResult, RosterRefusal, RosterSummary } from './people/import-roster.js';
export { erasureReasons, openErasureList } from './erasure-list.js';
export type { Erasure, ErasureKind, ErasureList, ErasureReason } from './erasure-list.js';
export type { Leftovers } from './leftovers.js';
export { rowCommitment } from './batch/prepare-batch.js';
export type { BatchRefusalCode, BatchRequest, PreparedBatch, PrepareBatchResult } from './batch/prepare-batch.js';
export type { IssuanceRow } from './batch/issuance-plan.js';
export type {
  Entitlement,
  EntitlementsResult,
  HouseholdSlip,
  SlipResult,
  SlipsResult,
} from './batch/household-slip.js';
export { createDonorRegister } from './donors/donor-register.js';
export type {
  DonorRegister,
  DonorRegisterOptions,
  IntakeOwner,
  IntakePlanRow,
  TraceCodeResult,
  TraceCodeRow,
} from './donors/donor-register.js';
export { deriveDonationId, donationCommitment, maximumIntakeRows } from './donors/stage-intake.js';
export type { IntakeRefusal, StagedIntake, StageIntakeRequest, StageIntakeResult } from './donors/stage-intake.js';
export type { IntakeRowFault, IntakeRowInput } from './donors/intake-row.js';
export type { DonationErasureExtent, DonationErasureOrder, DonationErasureResult } from './donors/erase-donation.js';
export { formatTraceCode, parseTraceCode } from './donors/trace-code.js';
export { maximumRosterBytes, maximumRosterRows, parseRoster } from './roster/parse-roster.js';
export type { ParsedRoster, RosterDialect, RosterOptions } from './roster/parse-roster.js';
export { formatProblems, formatRoster } from './roster/format-roster.js';
export { csvField, neutraliseFormula, normaliseCell } from './roster/normalise-cell.js';
export type { RosterNote, RosterProblem, RosterProblemCode } from './roster/problems.js';
export type { RosterRow } from './roster/read-row.js';
export type { RosterEncoding } from './roster/decode-text.js';
export { commonTargetGroups } from './roster/target-groups.js';
export type { TargetGroup } from './roster/target-groups.js';
export { identityDocumentTypes, readIdentityNumber } from './roster/identity-number.js';
export type { IdentityDocumentType, IdentityReading } from './roster/identity-number.js';
export { SealBroken } from './crypto/sealing.js';
export { RandomSource } from './crypto/random-source.js';
export type { RandomBytes } from './crypto/random-source.js';
export type { DatabaseOptions } from './database/registry-database.js';
export type { RegisterOptions } from './registry-context.js';
