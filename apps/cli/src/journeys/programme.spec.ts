import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { barriersOn, describeWithBrowser, openBrowser, phone, visit, type Visitor } from './browser.testing.js';
import { exampleFigures, FiguresSite } from './figures-site.testing.js';

/** What `GET /public/figures` promises an open page. */
const TWO_SECONDS = 2_000;

interface Totals {
  readonly totals: { readonly key: string; value?: number }[];
}

/** As after some more gifts: they lie in a fund. */
async function grown(byMinor: number): Promise<Record<string, unknown>> {
  const figures = await exampleFigures();
  for (const total of (figures as unknown as Totals).totals)
    if (total.key === 'receivedMinor' || total.key === 'freeMinor') total.value = (total.value ?? 0) + byMinor;
  return figures;
}

let browser: Browser;
let site: FiguresSite;
let visitor: Visitor | undefined;
/** What a browser says when nothing answers it: of a spec that stops the server, that is no fault. */
let isServerGone = false;

async function come(path = '#/programme', options: Parameters<typeof visit>[2] = {}): Promise<Page> {
  visitor = await visit(browser, `${site.url}/${path}`, options);
  return visitor.page;
}

/** Where the numbers will be stand others until they come. */
const received = (page: Page) => page.locator('main:has(#part-check) .headline .number').first();

async function verify(page: Page): Promise<string | null> {
  await page.locator('#part-check').getByRole('button').first().click();
  const verdict = page.locator('[data-verdict]');
  await verdict.waitFor();
  return verdict.getAttribute('data-verdict');
}

describeWithBrowser('the programme in public, in a browser', () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    site = await FiguresSite.start();
    isServerGone = false;
  });
  afterEach(async () => {
    const complaints = visitor?.complaints ?? [];
    await visitor?.context.close();
    visitor = undefined;
    await site.close();
    if (!isServerGone) expect(complaints).toEqual([]);
  });

  it('shows what was published, how it is computed, by whom, and why some of it is not told', async () => {
    site.names = {
      '439901': { zh: '<b>梧桐区</b>', en: 'Wutong District' },
      '439902': { zh: '望海\u202E县' },
      '439903': { zh: '望'.repeat(200) },
    };
    await site.publish(
      withOlder(await exampleFigures(), 'redeemedMinor'),
      await exampleFigures('disclosed-figures.json'),
    );
    const page = await come();
    await received(page).waitFor();
    await page.getByText('<b>梧桐区</b>').waitFor();
    const text = await page.locator('main').innerText();
    for (const part of [
      '¥403,243.70',
      '¥255,807.48',
      '¥147,436.22',
      '截至 2026年6月10日',
      '<b>梧桐区</b> 439901',
      '湖南省 439902',
      '湖南省 439903',
      '2026年5月',
      '不足 10 户，不显示',
      '连带不显示',
      '一户占比过高，不显示',
      '防前后对比，不显示',
      '未分列',
      '截至日志前 1 条；之后的变动涉及的券太少，暂不公布',
      '青溪平价超市',
      '8–30 天',
      '有 41 笔会被看见那次购物的人在公开日志里认出来',
      '更正 2026-05 的账',
      'L2 · 怎么算',
    ])
      expect(text).toContain(part);
    // Name and code stand apart, whatever direction the name is written in.
    expect(await page.locator('.division > bdi').count()).toBe(await page.locator('.division').count());
    expect(await page.locator('.division-code > bdi').count()).toBe(await page.locator('.division').count());
    await page.getByLabel('L1 · 怎么算：收到').click();
    expect(await page.locator('main').innerText()).toContain('全部 IntakeReceived 的 grossMinor 之和');
    await page.getByLabel('L1 · 怎么算：按区县').click();
    expect(await page.locator('#part-county').innerText()).toContain('账本签署的是旁边的行政区划代码');
    const button = page.locator('#part-county').getByRole('button', { name: '下载 CSV：核销' });
    const [saved] = await Promise.all([page.waitForEvent('download'), button.click()]);
    expect(saved.suggestedFilename()).toBe('redeemed-by-county.csv');
    expect(await readFile(await saved.path(), 'utf8')).toContain('"439903","","k","k"');
    expect(await page.getByRole('img', { name: /每月核销金额。2026年3月 ¥28,100.00/ }).count()).toBe(1);
  });

  it('verifies that the figures are those in the log, and is red for any others', async () => {
    await site.publish(await exampleFigures());
    const page = await come();
    await received(page).waitFor();
    expect(await verify(page)).toBe('good');
    expect(await page.locator('[data-step="figures"]').getAttribute('data-outcome')).toBe('same');
    expect(await page.locator('[data-step]').count()).toBe(7);
    site.swap((document) => ({ ...document, day: '2026-06-11' }));
    await page.reload();
    await received(page).waitFor();
    expect(await verify(page)).toBe('bad');
    expect(await page.locator('[data-step="figures"]').innerText()).toContain('不是账本在日志里承诺的那一份');
  });

  it('changes by itself within two seconds of a publication, marks what changed, and says so', async () => {
    await site.publish(await exampleFigures());
    const page = await come();
    await page.getByText('公布后自动更新').waitFor();
    const published = performance.now();
    await site.publish(await grown(100));
    await page.getByText('¥403,244.70').first().waitFor({ timeout: TWO_SECONDS });
    expect(performance.now() - published).toBeLessThan(TWO_SECONDS);
    expect(await page.locator('.changed').count()).toBe(2);
    expect(await page.getByRole('status').allInnerTexts()).toContain('数字刚刚更新：2 处有变化。');
    expect(await barriersOn(page)).toEqual([]);
    await page.locator('.changed').first().waitFor({ state: 'detached', timeout: 15_000 });
  });

  it('shows the first figures when they come, and until then that there are none', async () => {
    const page = await come();
    await page.getByRole('heading', { name: '还没有公开数字' }).waitFor();
    while (site.streams.size === 0) await page.waitForTimeout(50);
    await site.publish(await exampleFigures());
    await received(page).waitFor({ timeout: TWO_SECONDS });
  });

  it('says that the server is gone, keeps what it shows, and goes on when the server is back', async () => {
    isServerGone = true;
    await site.publish(await exampleFigures());
    const page = await come();
    await page.getByText('公布后自动更新').waitFor();
    await site.stop();
    await page.getByText('连接中断，正在重试').waitFor();
    expect(await received(page).innerText()).toBe('¥403,243.70');
    await site.publish(await grown(500));
    await site.resume();
    await page.getByText('¥403,248.70').first().waitFor({ timeout: 20_000 });
    await page.getByText('公布后自动更新').waitFor();
  });

  it('opens from what it kept after one visit when the server has ended, says how old it is, and still verifies', async () => {
    isServerGone = true;
    site.names = { '439901': { zh: '梧桐区' } };
    await site.publish(await exampleFigures());
    const page = await come();
    await received(page).waitFor();
    const kept = `Promise.all(['public/figures', 'division-names.json', 'portal.json', 'log/policy', './'].map((path) => caches.match(path)))
      .then((all) => !all.includes(undefined) && navigator.serviceWorker.controller !== null)`;
    while (!(await page.evaluate<boolean>(kept))) await page.waitForTimeout(100);
    await site.stop();
    await page.reload();
    await page.getByText('服务器没有应答，下面是保存于').waitFor();
    await page.getByText('梧桐区 439901').waitFor();
    expect(await received(page).innerText()).toBe('¥403,243.70');
    // The log is on another host, which has not ended: what is kept is held against it.
    expect(await verify(page)).toBe('good');
    expect(await page.locator('[data-step="figures"]').getAttribute('data-outcome')).toBe('same');
  });

  it('says that a page did not load, where its code does not arrive, and loads it on the next try', async () => {
    isServerGone = true;
    const page = await come('#/', { serviceWorkers: 'block' });
    await page.route('**/assets/data-page-*', (route) => route.abort());
    await page.getByRole('link', { name: '项目公开' }).waitFor();
    await page.goto(`${site.url}/#/data`);
    await page.getByRole('heading', { name: '页面没有加载成功' }).waitFor();
    await page.unroute('**/assets/data-page-*');
    await page.getByRole('button', { name: '再试一次' }).click();
    await page.locator('.definitions').waitFor();
  });

  it('has no barriers that axe finds, in both languages, wide and narrow, and nothing wider than a phone', async () => {
    await site.publish(await exampleFigures(), await exampleFigures('disclosed-figures.json'));
    for (const options of [{ language: 'zh' }, { ...phone, language: 'en' }] as const)
      for (const path of ['#/programme', '#/data']) {
        const page = await come(path, options);
        await (path === '#/data' ? page.locator('.definitions') : received(page)).waitFor();
        if (path === '#/programme') for (const how of await page.locator('.how summary').all()) await how.click();
        expect([path, await barriersOn(page)]).toEqual([path, []]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        await visitor?.context.close();
      }
  });
});

/** One total is older than the publication: what followed is held back. */
function withOlder(figures: Figures, key: string): Figures {
  const totals = figures['totals'] as readonly { readonly key: string }[];
  return { ...figures, totals: totals.map((total) => (total.key === key ? { ...total, asOf: 1 } : total)) };
}

type Figures = Awaited<ReturnType<typeof exampleFigures>>;
