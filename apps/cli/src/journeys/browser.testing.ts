import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

/** A suite that needs a browser; where there is none, one line says how to get it. */
export function describeWithBrowser(name: string, suite: () => void): void {
  if (program !== undefined) return void describe(name, suite);
  console.log(`Skipped: ${name}. It needs Chromium and a Chinese font: apt-get install chromium fonts-noto-cjk`);
  describe(name, () => it('is skipped without Chromium', () => undefined));
}

export async function openBrowser(): Promise<Browser> {
  if (program === undefined) throw new Error('There is no browser.');
  const quiet = ['quic', 'background-networking', 'component-update', 'sync', 'gpu'].map((one) => `--disable-${one}`);
  return chromium.launch({ executablePath: program, args: ['--no-sandbox', '--no-first-run', ...quiet] });
}

/** A visitor with a profile of their own, who notes what their browser complains about and whom it asks. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Faults of scripts, and what the content security policy refused. */
  readonly complaints: string[];
  /** Addresses as they were sent: without fragments. */
  readonly asked: string[];
}

export const phone: BrowserContextOptions = { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true };

export async function visit(
  browser: Browser,
  url: string,
  { language = 'zh', ...options }: BrowserContextOptions & { readonly language?: 'zh' | 'en' } = {},
): Promise<Visitor> {
  const context = await browser.newContext({ acceptDownloads: true, ...options });
  if (language === 'en') await context.addInitScript("localStorage.setItem('aidtrail.language', 'en')");
  const page = await context.newPage();
  const [complaints, asked]: [string[], string[]] = [[], []];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // That a file is not there is an answer, too.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => asked.push(request.url().replace(/#.*/, '')));
  await page.goto(url);
  return { page, context, complaints, asked };
}

/** What breaks WCAG 2.2 AA on the page as it is now, by axe: rule and place. */
export async function barriersOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = await page.evaluate<
    readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
  >(
    `axe.run({ runOnly: ${JSON.stringify(tags)} }).then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) })))`,
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
