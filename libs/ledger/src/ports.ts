import type {
  AcceptanceJob,
  HmacSha256,
  LeafJob,
  PreparedAcceptance,
  PreparedLeaf,
  Sha1,
  Sha256,
  Signer,
  VerifyJob,
} from '@aidtrail/envelope';

/** The ledger's own view of time, passed in; milliseconds since 1970 in UTC. Only promises (`publishBy`) depend on it. */
export type Clock = () => number;

/**
 * The keys under which disclosures are encrypted at rest, 32 bytes each, one a stream. Vouchers and donations have a key
 * that ends with its subject's; `erased` says that it is gone for good. The result has an entry for each stream asked
 * for. Many in one round trip.
 */
export interface SealKeys {
  keysOf(streams: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | 'erased'>>;
}

/** Signing and verifying. Bulk work runs off the main thread. */
export interface LedgerCrypto {
  /** Signs events and answers; its key is the ledger's current event key. */
  readonly eventSigner: Signer;
  /** True if every signature holds. The jobs of many callers may be verified together. */
  verifyAll(jobs: readonly VerifyJob[]): Promise<boolean>;
  /**
   * Verifies a command's signatures and, if every one holds, makes everything that accepting it signs; otherwise signs
   * nothing and gives undefined. The jobs of many callers may be done together.
   */
  acceptIfSigned(signatures: readonly VerifyJob[], job: AcceptanceJob): Promise<PreparedAcceptance | undefined>;
  /** One leaf now, on this thread. */
  prepareLeaf(job: LeafJob): PreparedLeaf;
  /** Many leaves in the worker pool, in the order given. */
  prepareLeaves(jobs: readonly LeafJob[]): Promise<readonly PreparedLeaf[]>;
  readonly sha256: Sha256;
  readonly hmacSha256: HmacSha256;
  readonly sha1: Sha1;
  /** Decrypts what `prepareLeaf` sealed; throws if it was tampered with. */
  openSealed(key: Uint8Array, eventId: string, sealed: Uint8Array): Uint8Array;
}

/** Signed checkpoints of the public log, as anchors, cut-offs and periods refer to them. */
export interface CheckpointLookup {
  /** The root (base64) of the signed checkpoint of exactly this size, or undefined if none was signed. */
  rootAt(size: number): Promise<string | undefined>;
  /** The newest signed checkpoint; size 0 with the empty root before the first. */
  latest(): Promise<SignedCheckpoint>;
}

export interface SignedCheckpoint {
  readonly size: number;
  /** base64 of 32 bytes */
  readonly root: string;
  /** The signed note, verbatim; empty at size 0. */
  readonly note: string;
}

/** One row of a prepared roster: what voucher `number` of the batch will be. */
export interface IssuanceRow {
  readonly number: number;
  readonly voucherId: string;
  readonly commitment: string;
  readonly sealKey: Uint8Array;
  readonly group: string;
  readonly community: string;
  readonly partner: string;
}

/** What issuance needs of the registry of people. Rows come in order of `number`, always the same. */
export interface PeopleRegistry {
  preparedBatch(batchId: string): Promise<{ readonly count: number; readonly rosterRoot: string } | undefined>;
  issuancePlan(batchId: string, fromNumber: number, limit: number): Promise<readonly IssuanceRow[]>;
  voucherIds(batchId: string, fromNumber: number, limit: number): Promise<readonly string[]>;
}

/** One staged gift of an intake. */
export interface IntakeRow {
  readonly number: number;
  readonly donationId: string;
  readonly amountMinor: number;
  readonly commitment: string;
  readonly namedConsent: boolean;
  readonly displayName?: string;
  readonly channel: string;
  readonly paymentReference: string;
  readonly sealKey: Uint8Array;
}

/** What recording an intake needs of the register of donors. Rows come in order of `number`, always the same. */
export interface DonorRegister {
  stagedIntake(
    intakeId: string,
  ): Promise<{ readonly count: number; readonly totalMinor: number; readonly rowsRoot: string } | undefined>;
  intakePlan(intakeId: string, fromNumber: number, limit: number): Promise<readonly IntakeRow[]>;
}

/** What the durable policies remember between events; every write is idempotent. */
export interface PolicyMemory {
  /** The position that the policies handle next. */
  nextPosition(): Promise<number>;
  saveNextPosition(position: number): Promise<void>;
  rememberBatch(batch: FundedBatch): Promise<void>;
  /** Batches that were not marked as expired since they were opened last, in order of funding. */
  openBatches(): Promise<readonly OpenBatch[]>;
  /**
   * By the day at this leaf index. Which of a mark and an opening counts, their positions say, whatever order they come in:
   * a process that lags behind another one takes nothing back.
   */
  markExpired(batchId: string, position: number): Promise<void>;
  /** By the event at this leaf index, against marks of earlier days; nothing for a batch that it does not know. */
  reopenBatch(batchId: string, position: number): Promise<void>;
  rememberSettlement(settlement: MerchantSettlement): Promise<void>;
  /** The settlement of the latest cut-off before this one, for each merchant and funding mode that has one. */
  settlementsBefore(cutoff: number): Promise<readonly MerchantSettlement[]>;
  /** At which merchant a leaf moved money, kept for the books when the leaf's own disclosures are about to be erased. */
  rememberMovement(movement: KeptMovement): Promise<void>;
  /** Merchants by event id, of those events for which one was kept. */
  keptMerchants(eventIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** A reversal after payout: its fen are owed by the merchant. */
  rememberDebt(debt: MerchantDebt): Promise<void>;
  /** A payment that netted so much of the merchant's debt. */
  rememberRecovery(recovery: MerchantRecovery): Promise<void>;
  /** The merchant's debts before a position, in log order, and what payments before it netted of them. */
  debtsOf(
    merchant: string,
    before: number,
  ): Promise<{ readonly eventIds: readonly string[]; readonly recoveredMinor: number }>;
}

export interface FundedBatch {
  /** Leaf index of its last BatchFunded. */
  readonly position: number;
  readonly batchId: string;
  readonly campaignId: string;
  readonly fundId: string;
  readonly count: number;
}

export interface OpenBatch extends FundedBatch {
  /** Vouchers of all batches that were funded before it. */
  readonly base: number;
}

export interface MerchantSettlement {
  readonly merchant: string;
  readonly fundingMode: string;
  readonly cutoff: number;
  readonly settlementId: string;
}

export interface KeptMovement {
  readonly eventId: string;
  readonly merchant: string;
}

export interface MerchantDebt {
  readonly merchant: string;
  readonly position: number;
  readonly eventId: string;
}

export interface MerchantRecovery {
  readonly merchant: string;
  readonly position: number;
  readonly recoveredMinor: number;
}

/** What can be observed of the ledger at work; carries nothing personal. */
export interface LedgerObserver {
  commandAnswered?(type: string, outcome: 'accepted' | 'refused' | 'rejected', code: string): void;
  eventsAppended?(count: number, lastPosition: number): void;
  policyFault?(policy: string, code: string): void;
}
