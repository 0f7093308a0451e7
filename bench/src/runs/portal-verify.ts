import { nodeSha256, sodiumVerifier } from '@aidtrail/crypto-node';
import { parseLeafOrThrow } from '@aidtrail/envelope';
import { parsePolicyOrThrow } from '@aidtrail/public-log';
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
export async function portalVerify({ progress, quick }: BenchContext): Promise<readonly Measurement[]> {
  const { policy, receipt } = await aReceipt(quick ? 1_000 : LOG_SIZE);
  const site = await servePortal(new Map([['log/policy', policy]]));
  const browser = await openChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`${site.url}/#/check`);
    const input = page.locator('input[accept=".tlog-proof"]');
    await input.waitFor({ state: 'attached' });
    const times: number[] = [];
    for (let run = 0; run < (quick ? 5 : 30); run += 1) {
      // The file is there when the clock starts; it ends with the frame after the verdict.
      const took = page.evaluate<number>(`new Promise((resolve) => {
        let begun;
        document.querySelector('input[accept=".tlog-proof"]').addEventListener('change', () => {
          begun = performance.now();
          document.querySelectorAll('[data-verdict]').forEach((old) => old.removeAttribute('data-verdict'));
        }, { capture: true, once: true });
        const watch = new MutationObserver(() => {
          const shown = document.querySelector('[data-step="amounts"]');
          if (begun === undefined || shown === null) return;
          watch.disconnect();
          requestAnimationFrame(() => resolve(performance.now() - begun));
        });
        watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      })`);
      await input.setInputFiles({
        name: `gift-${run}.tlog-proof`,
        mimeType: 'application/octet-stream',
        buffer: Buffer.from(receipt),
      });
      times.push(await took);
      const verdict = await page.locator('.verdict').getAttribute('class');
      if (verdict?.includes('verdict-bad') !== false) throw new Error('The page did not accept the receipt.');
    }
    progress(`portal_verify: ${times.map((time) => time.toFixed(0)).join(' ')} ms`);
    const notes = [
      `first ${(times[0] as number).toFixed(0)}, p90 ${percentile(times, 0.9).toFixed(0)} ms of ${times.length}; ${WITNESSES} witnesses`,
    ];
    return [{ name: 'portal_verify_ms', value: median(times), notes }];
  } finally {
    await browser.close();
    await site.close();
  }
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
