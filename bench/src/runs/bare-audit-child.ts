import { folderSource, sodiumWorker, WorkPool } from '@aidtrail/auditor';
import { nodeSha1, nodeSha256 } from '@aidtrail/crypto-node';
import { viewLeafOrThrow } from '@aidtrail/envelope';
import { parseCheckpointOrThrow, parseNoteOrThrow, TILE_WIDTH } from '@aidtrail/public-log';
import { LedgerAudit, LogReplay, type SignatureJob } from '@aidtrail/verification';
import { entriesOf, type AuditWindow } from './audit-window.js';
import { inputOfChild, tellParent } from './children.js';

export interface BareAuditOrder {
  readonly log: string;
  /** Entries before it are folded, and not timed. */
  readonly window: AuditWindow;
}

export interface BareAuditReport {
  readonly events: number;
  readonly redemptions: number;
  readonly signatures: number;
  readonly seconds: number;
}

/**
 * What any audit has to do at least: one thread folds and hashes, two verify. The signatures of the window are known
 * beforehand, and no rule is looked at.
 */
async function bareLoop({ log, window }: BareAuditOrder): Promise<BareAuditReport> {
  const { jobs, leaves, replay, redemptions } = await prepare(log, window);
  const pool = new WorkPool({ script: sodiumWorker, onInvalid: () => undefined });
  try {
    const start = performance.now();
    for (const [i, leaf] of leaves.entries()) {
      replay.take(leaf);
      for (const job of jobs[i] ?? []) pool.verify(job);
      if (i % TILE_WIDTH === 0) await pool.room();
    }
    await pool.finish();
    const seconds = (performance.now() - start) / 1_000;
    const signatures = jobs.reduce((sum, some) => sum + some.length, 0);
    return { events: leaves.length, redemptions, signatures, seconds };
  } finally {
    await pool.close();
  }
}

async function prepare(log: string, { from, to }: AuditWindow) {
  const files = folderSource(log);
  const note = await files.read('checkpoint', 65_536);
  if (!(note instanceof Uint8Array)) throw new Error('The log has no checkpoint.');
  const { origin, size } = parseCheckpointOrThrow(parseNoteOrThrow(note).text);
  const jobs: SignatureJob[][] = [];
  const leaves: Uint8Array[] = [];
  const replay = new LogReplay(nodeSha256);
  let redemptions = 0;
  const audit = new LedgerAudit({
    ...{ origin, sha256: nodeSha256, sha1: nodeSha1, report: () => undefined },
    onSignature: (job) => {
      if (job.leaf < from) return;
      const { publicKey, message, signature } = job;
      const copy = { publicKey: publicKey.slice(), message: message.slice(), signature: signature.slice() };
      (jobs[job.leaf - from] ??= []).push({ ...job, ...copy });
    },
  });
  for (let index = 0; index * TILE_WIDTH < to; index += 1) {
    for (const [i, leaf] of (await entriesOf(log, index, size)).entries()) {
      audit.take(leaf);
      if (index * TILE_WIDTH + i < from) replay.take(leaf);
      else {
        leaves.push(leaf);
        if (viewLeafOrThrow(leaf).type === 'VoucherRedeemed') redemptions += 1;
      }
    }
  }
  return { jobs, leaves, replay, redemptions };
}

await tellParent(await bareLoop(await inputOfChild<BareAuditOrder>()));
process.disconnect();
