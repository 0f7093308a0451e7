export type { PublishedFigures } from './figures/published-figures.js';
export { readFiguresKeyOrThrow } from './identity/figures-key.js';
export {
  ConfigProblem,
  loadConfigOrThrow,
  LONGEST_SLOT_MILLISECONDS,
  parseDuration,
  roles,
  storeUrlOrThrow,
} from './config/config.js';
export type { Calendar, Config, ConfigOverrides, LogLevel, Role } from './config/config.js';
export { readDivisionNamesOrThrow } from './config/division-names.js';
export type { DivisionNames } from './config/division-names.js';
export { CONFIG, ConfigModule } from './config/config-module.js';
export { IdentityProblem, readLedgerFile, readLedgerFileOrThrow } from './identity/ledger-file.js';
export type { LedgerFile } from './identity/ledger-file.js';
export { completeOpening, initialise } from './identity/initialise.js';
export type { InitialiseOptions, InitialiseResult } from './identity/initialise.js';
export {
  draftOpening,
  isOpeningPending,
  missingSignatures,
  openingCommandOrThrow,
  openingPath,
  rootOfOrThrow,
  readOpeningOrThrow,
  signOpening,
  termsOf,
  writeOpening,
} from './identity/opening.js';
export type { OpeningDocument, OpeningTerms } from './identity/opening.js';
export { completeRotation, draftRotation, signRotation } from './identity/event-key-rotation.js';
export type { RotationResult } from './identity/event-key-rotation.js';
export { readServerKeysOrThrow } from './identity/server-keys.js';
export type { ServerKeys } from './identity/server-keys.js';
export { assembleSystem, openSystem } from './system/system.js';
export type { System, SystemOptions } from './system/system.js';
export { copyEvents } from './moving/copy-events.js';
export { openLog, type PublishedLog } from './publisher/open-log.js';
export { createMemoryCosignatureStore } from './witnesses/cosignature-store.js';
export {
  nameWitnesses,
  NO_WITNESSES,
  parseWitnessArgumentOrThrow,
  policyPath,
  PolicyProblem,
} from './witnesses/policy-file.js';
export type { LogStatus, WitnessStatus } from './witnesses/witness-network.js';
export { SYSTEM, SystemModule } from './system/system-module.js';
export type { Reproducible } from './system/reproducible.js';
export { createSealKeys } from './system/seal-keys.js';
export { createDisclosureReader } from './system/disclosure-reader.js';
export { declaredCaller, Monitor, Public, ReadSession, SignedCommand } from './access/caller.js';
export type { Caller } from './access/caller.js';
export type { CampaignLimit, RequestPlace, WithinCampaigns } from './access/campaign-limit.js';
export { CallerGuard } from './access/caller-guard.js';
export type { GuardedRequest } from './access/caller-guard.js';
export { Monitors } from './access/monitors.js';
export { PUBLIC_LIMITER } from './access/public-limiter.js';
export type { PublicLimiter } from './access/public-limiter.js';
export { SESSION_READERS } from './access/reader.js';
export type { Reader, SessionReaders } from './access/reader.js';
export { httpProblems } from './problems/http-problems.js';
export type { HttpProblemCode } from './problems/http-problems.js';
export { Problem, problemDocument } from './problems/problem.js';
export type { ProblemDocument, ProblemText } from './problems/problem.js';
export { PROBLEM_TYPE, ProblemFilter, problemOf, problemOfStatus } from './problems/problem-filter.js';
export { createLogger, faultFields, logRequest } from './logging/logger.js';
export type { Logger, RequestLine } from './logging/logger.js';
export { LOGGER, LoggingModule } from './logging/logging-module.js';
export { NestLogger } from './logging/nest-logger.js';
export { HealthController, HealthModule } from './health/health-module.js';
export { LARGEST_LAG, readinessOf } from './health/readiness.js';
export type { Readiness, WatchedSystem } from './health/readiness.js';
