import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Signer } from '@aidtrail/envelope';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { writePublishedLog, type PublishedLog } from '@aidtrail/testing/published-log';
import { leavesOf } from '@aidtrail/testing/reading';
import { claim, giveAndTransfer, issueBatch, openRelief, redemption } from '@aidtrail/testing/relief';
import { startDay } from '@aidtrail/testing/settling';
import { runToEnd, temporaryFolder, type Finished } from './program.testing.js';

/** The leaves of a small ledger that did nothing wrong; more than one bundle of them. */
export interface LiveLog {
  readonly origin: string;
  readonly leaves: readonly Uint8Array[];
  readonly eventSigner: Signer;
  readonly disclosures: readonly { readonly index: number; readonly disclosures: readonly string[] }[];
}

export async function liveLog(): Promise<LiveLog> {
  const h = await createLedgerHarness();
  const relief = await openRelief(h);
  await giveAndTransfer(h, relief, [30_000, 777]);
  const { voucherIds } = await issueBatch(h, relief, { count: 250, faceMinor: 100 });
  await startDay(h, relief, '2026-06-02');
  for (const voucher of voucherIds.slice(0, 5)) {
    const holder = await claim(h, relief, voucher);
    await h.accept(redemption(relief, voucher, 60), [relief.keys.till, holder]);
  }
  await h.ledger.settle();
  const read = await leavesOf(h.store);
  const disclosures: { index: number; disclosures: readonly string[] }[] = [];
  for (const [index, { stored }] of read.entries()) {
    const list = await h.disclosuresOf(stored);
    if (list.length > 0) disclosures.push({ index, disclosures: list });
  }
  const leaves = read.map(({ stored }) => stored.bytes);
  return { origin: h.origin, leaves, eventSigner: h.eventSigner, disclosures };
}

/** A report as `--json` writes it, as far as specs look at it. */
export interface ReadReport {
  readonly result: string;
  readonly findings: readonly { readonly code: string; readonly leaf?: number; readonly subject?: string }[];
  readonly counts: { readonly entries: number; readonly entriesByRules: number };
  readonly notChecked: Readonly<Record<string, number>>;
  readonly witnessed: { readonly by: readonly { readonly loopback: boolean }[] };
}

export interface Audited extends Finished {
  readonly report: ReadReport;
  /** The codes of all findings, each once. */
  readonly codes: readonly string[];
  /** The fraud proofs written. */
  readonly proofs: readonly string[];
}

type Files = Pick<PublishedLog, 'files' | 'policy'>;

/** Runs the built `aidtrail audit` on logs in folders of their own. */
export class Audits {
  private number = 0;

  private constructor(private readonly folder: Awaited<ReturnType<typeof temporaryFolder>>) {}

  static async begin(): Promise<Audits> {
    return new Audits(await temporaryFolder());
  }

  end(): Promise<void> {
    return this.folder.remove();
  }

  run(...args: readonly string[]): Promise<Finished> {
    return runToEnd(...args);
  }

  /** `since` and `disclosures` are the content of files. */
  async of(log: Files, given: { readonly since?: string; readonly disclosures?: string } = {}): Promise<Audited> {
    return this.inFolder(log, async ({ directory, args }) => {
      const proofsFolder = join(directory, 'proofs');
      const more = ['--json', '--fraud-proofs', proofsFolder];
      for (const [option, content] of Object.entries(given)) {
        await writeFile(join(directory, option), content);
        more.push(`--${option}`, join(directory, option));
      }
      const finished = await runToEnd(...args, ...more);
      const report = (finished.output === '' ? { findings: [] } : JSON.parse(finished.output)) as ReadReport;
      const names = await readdir(proofsFolder).catch(() => []);
      const proofs = await Promise.all(names.sort().map((name) => readFile(join(proofsFolder, name), 'utf8')));
      return { ...finished, report, codes: [...new Set(report.findings.map(({ code }) => code))], proofs };
    });
  }

  async textOf(log: Files): Promise<string> {
    return this.inFolder(log, async ({ args }) => (await runToEnd(...args)).output);
  }

  async checkProof(proof: string, policy: string): Promise<Finished> {
    const directory = this.next();
    await mkdir(directory);
    const [file, policyFile] = [join(directory, 'proof.json'), join(directory, 'policy.txt')];
    await writeFile(file, proof);
    await writeFile(policyFile, policy);
    return runToEnd('audit', '--check-fraud-proof', file, '--policy', policyFile);
  }

  private async inFolder<T>(
    log: Files,
    work: (place: { readonly directory: string; readonly args: readonly string[] }) => Promise<T>,
  ): Promise<T> {
    const directory = this.next();
    const written = await writePublishedLog(directory, log);
    try {
      return await work({ directory, args: ['audit', '--log', written.log, '--policy', written.policy] });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  private next(): string {
    return join(this.folder.path, `log-${(this.number += 1)}`);
  }
}
