import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { median, type BenchContext, type Measurement } from '../result.js';
import { openChromium, servePortal } from '../world/portal-site.js';

/** A slow phone on a slow network: what the target is meant for. */
const SLOW = { cpuTimes: 4, bytesDownPerSecond: 200_000, bytesUpPerSecond: 94_000, latencyMs: 150 };
const SETTLED_AFTER = 4_000;

const pages = { start: '', programme: '#/programme', check: '#/check' } as const;
const figures = new URL('../../../apps/portal/src/programme/fixtures/', import.meta.url);

/** Largest contentful paint of a first visit, nothing cached, on the slowest of the pages that anybody may open. */
export async function portalLcp(context: BenchContext): Promise<readonly Measurement[]> {
  const answers = new Map<string, string>([
    ['public/figures', await readFile(new URL('published-figures.json', figures), 'utf8')],
    ['public/figures/disclosed', await readFile(new URL('disclosed-figures.json', figures), 'utf8')],
  ]);
  const site = await servePortal(answers);
  const browser = await openChromium();
  try {
    const medians: { readonly name: string; readonly value: number }[] = [];
    for (const [name, path] of Object.entries(pages)) {
      const visits: Largest[] = [];
      for (let run = 0; run < (context.quick ? 1 : 7); run += 1)
        visits.push(await firstVisit(browser, `${site.url}/${path}`));
      const times = visits.map(({ startTime }) => startTime);
      context.progress(
        `portal_lcp: ${name} ${times.map((time) => time.toFixed(0)).join(' ')} ms, ${visits.at(-1)?.what}`,
      );
      medians.push({ name, value: median(times) });
    }
    const notes = [
      `${medians.map(({ name, value }) => `${name} ${value.toFixed(0)} ms`).join(', ')}; ${SLOW.cpuTimes} × CPU, 1.6 Mbit/s, ${SLOW.latencyMs} ms`,
    ];
    return [{ name: 'portal_lcp_ms', value: Math.max(...medians.map(({ value }) => value)), notes }];
  } finally {
    await browser.close();
    await site.close();
  }
}

interface Largest {
  readonly startTime: number;
  readonly what: string;
}

async function firstVisit(browser: Browser, url: string): Promise<Largest> {
  const context = await browser.newContext({ viewport: { width: 375, height: 740 }, isMobile: true });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: SLOW.latencyMs,
      downloadThroughput: SLOW.bytesDownPerSecond,
      uploadThroughput: SLOW.bytesUpPerSecond,
    });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOW.cpuTimes });
    await context.addInitScript(`
      globalThis.largest = undefined;
      new PerformanceObserver((list) => {
        for (const { element, startTime } of list.getEntries())
          globalThis.largest = { startTime, what: element === null ? '?' : element.tagName + '.' + element.className };
      }).observe({ type: 'largest-contentful-paint', buffered: true });
    `);
    await page.goto(url);
    await page.waitForTimeout(SETTLED_AFTER);
    const largest = await page.evaluate<Largest | undefined>('largest');
    if (largest === undefined) throw new Error(`${url} painted nothing.`);
    return largest;
  } finally {
    await context.close();
  }
}
