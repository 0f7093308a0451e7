import { nodeSha256 } from '@aidtrail/crypto-node';
import { base64Encode } from '@aidtrail/envelope';
import type { DonorRegister, IntakeRow, IssuanceRow, PeopleRegistry, SealKeys } from '@aidtrail/ledger';
import { createTreeHasher, rootOf } from '@aidtrail/public-log';
import { systemEntropy, type Entropy } from './entropy.js';

/** Prepared batches and staged intakes in memory: what the ledger asks of the registers, without people or a database. */
export interface MemoryRegisters {
  readonly people: PeopleRegistry;
  readonly donors: DonorRegister;
  sealKeys(derive: (stream: string) => Uint8Array): SealKeys;
  /** Prepares a batch of `count` nameless households. */
  prepareBatch(batchId: string, count: number): { readonly rosterRoot: string; readonly voucherIds: readonly string[] };
  /** Stages gifts of these amounts. */
  stageIntake(
    intakeId: string,
    amountsMinor: readonly number[],
  ): { readonly count: number; readonly totalMinor: number; readonly rowsRoot: string };
  /** Destroys the key of a voucher's household. */
  erase(voucherId: string): void;
}

export function createMemoryRegisters(entropy: Entropy = systemEntropy): MemoryRegisters {
  const batches = new Map<string, readonly IssuanceRow[]>();
  const intakes = new Map<string, readonly IntakeRow[]>();
  const keys = new Map<string, Uint8Array | 'erased'>();
  const page = <T>(rows: readonly T[] | undefined, from: number, limit: number) =>
    Promise.resolve((rows ?? []).slice(from, from + limit));
  return {
    people: {
      preparedBatch: (batchId) => {
        const rows = batches.get(batchId);
        return Promise.resolve(rows && { count: rows.length, rosterRoot: rootOver(rows) });
      },
      issuancePlan: (batchId, from, limit) => page(batches.get(batchId), from, limit),
      voucherIds: async (batchId, from, limit) =>
        (await page(batches.get(batchId), from, limit)).map(({ voucherId }) => voucherId),
    },
    donors: {
      stagedIntake: (intakeId) => {
        const rows = intakes.get(intakeId);
        return Promise.resolve(rows && summaryOf(rows));
      },
      intakePlan: (intakeId, from, limit) => page(intakes.get(intakeId), from, limit),
    },
    sealKeys: (derive) => ({
      keysOf: (streams) =>
        Promise.resolve(new Map(streams.map((stream) => [stream, keys.get(stream) ?? derive(stream)]))),
    }),
    prepareBatch: (batchId, count) => {
      const rows = Array.from({ length: count }, (_, number) => issuanceRow(number, entropy));
      batches.set(batchId, rows);
      for (const row of rows) keys.set(`voucher-${row.voucherId}`, row.sealKey);
      return { rosterRoot: rootOver(rows), voucherIds: rows.map(({ voucherId }) => voucherId) };
    },
    stageIntake: (intakeId, amountsMinor) => {
      const rows = amountsMinor.map((amountMinor, number) => intakeRow({ number, amountMinor }, entropy));
      intakes.set(intakeId, rows);
      for (const row of rows) keys.set(`donation-${row.donationId}`, row.sealKey);
      return summaryOf(rows);
    },
    erase: (voucherId) => keys.set(`voucher-${voucherId}`, 'erased'),
  };
}

function issuanceRow(number: number, entropy: Entropy): IssuanceRow {
  return {
    number,
    voucherId: entropy.uuid(),
    commitment: base64Encode(entropy.bytes(32)),
    sealKey: entropy.bytes(32),
    group: 'elderly',
    community: 'riverside',
    partner: '7d4c1d7e-0f0c-4c39-9e53-0a1a7f0f4a10',
  };
}

function intakeRow(gift: { readonly number: number; readonly amountMinor: number }, entropy: Entropy): IntakeRow {
  return {
    ...gift,
    donationId: entropy.uuid(),
    commitment: base64Encode(entropy.bytes(32)),
    namedConsent: false,
    channel: 'online',
    paymentReference: `ref-${entropy.uuid()}`,
    sealKey: entropy.bytes(32),
  };
}

function rootOver(rows: readonly { readonly commitment: string }[]): string {
  const hasher = createTreeHasher(nodeSha256);
  const leaves = rows.map(({ commitment }) => hasher.leafHash(new Uint8Array(Buffer.from(commitment, 'base64'))));
  return base64Encode(rootOf(leaves, hasher));
}

function summaryOf(rows: readonly IntakeRow[]) {
  const totalMinor = rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return { count: rows.length, totalMinor, rowsRoot: rootOver(rows) };
}
