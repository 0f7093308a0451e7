import { nodeSha256, sodiumVerifier } from '@aidtrail/crypto-node';
import { parseLeafOrThrow } from '@aidtrail/envelope';
import { parsePolicyOrThrow } from '@aidtrail/public-log';
import type { Page } from 'playwright-core';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { publishLog, witnessesForSpecs } from '@aidtrail/testing/published-log';
import { leavesOf } from '@aidtrail/testing/reading';
import { give, openRelief } from '@aidtrail/testing/relief';
import { makeReceiptOrThrow } from '@aidtrail/verification';
import { median, percentile, type BenchContext, type Measurement } from '../result.js';
import { openChromium, servePortal } from '../world/portal-site.js';

/** Leaves without content beside the gift's, so that its proof is as long as in a log of this size. */
const LOG_SIZE = 100_000;
const WITNESSES = 3;

/**
 * A receipt with three witnesses' cosignatures is handed to the page, and timed inside the browser until its verdict
 * stands there: log and witness signatures, the inclusion proof, the disclosures, and what React needs to show it.
 */
export async function portalVerify(context: BenchContext): Promise<readonly Measurement[]> {
  const { policy, receipt } = await aReceipt(context.quick ? 1_000 : LOG_SIZE);
  const site = await servePortal(new Map([['log/policy', policy]]));
  const browser = await openChromium();
  try {
    const times: number[] = [];
    for (let run = 0; run < (context.quick ? 3 : 15); run += 1) {
      // As on a first visit: a page of its own, in which nothing was compiled yet.
      const visitor = await browser.newContext();
      times.push(await timeOfCheck(await visitor.newPage(), `${site.url}/#/check`, receipt));
      await visitor.close();
    }
    context.progress(`portal_verify: ${times.map((time) => time.toFixed(0)).join(' ')} ms`);
    const notes = [
      `p90 ${percentile(times, 0.9).toFixed(0)} ms of ${times.length} first visits; ${WITNESSES} witnesses`,
    ];
    return [{ name: 'portal_verify_ms', value: median(times), notes }];
  } finally {
    await browser.close();
    await site.close();
  }
}

/** Milliseconds from the file's choice to the frame after its verdict, by the browser's own clock. */
async function timeOfCheck(page: Page, url: string, receipt: string): Promise<number> {
  await page.goto(url);
  const input = page.locator('input[accept=".tlog-proof"]');
  await input.waitFor({ state: 'attached' });
  const took = page.evaluate<number>(`new Promise((resolve) => {
    let begun;
    document.querySelector('input[accept=".tlog-proof"]').addEventListener('change', () => (begun = performance.now()), { capture: true });
    const watch = new MutationObserver(() => {
      if (document.querySelector('[data-verdict]') === null) return;
      watch.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - begun));
    });
    watch.observe(document.body, { subtree: true, childList: true });
  })`);
  await input.setInputFiles({
    name: 'gift.tlog-proof',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(receipt),
  });
  const milliseconds = await took;
  if ((await page.locator('[data-verdict]').getAttribute('data-verdict')) !== 'good')
    throw new Error('The page did not accept the receipt.');
  return milliseconds;
}

async function aReceipt(size: number): Promise<{ readonly policy: string; readonly receipt: string }> {
  const h = await createLedgerHarness();
  const relief = await openRelief(h);
  await give(h, relief, [12_345, 500]);
  const leaves = await leavesOf(h.store);
  const gift = leaves.find(({ stored }) => parseLeafOrThrow(stored.bytes).type === 'DonationReceived');
  if (gift === undefined) throw new Error('There is no gift.');
  const filler = Array.from({ length: size - leaves.length }, (_, i) => new TextEncoder().encode(`filler ${i}`));
  const { files, policy } = publishLog([...leaves.map(({ stored }) => stored.bytes), ...filler], {
    origin: h.origin,
    witnesses: witnessesForSpecs(WITNESSES),
  });
  const trust = { policy: parsePolicyOrThrow(policy), verifier: sodiumVerifier, sha256: nodeSha256 };
  const of = { index: gift.stored.position, disclosures: await h.disclosuresOf(gift.stored) };
  return { policy, receipt: await makeReceiptOrThrow((path) => Promise.resolve(files.get(path)), of, trust) };
}
