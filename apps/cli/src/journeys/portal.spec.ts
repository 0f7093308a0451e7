import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { readServerKeysOrThrow } from '@aidtrail/nest';
import { createNoteSigner, parsePolicyOrThrow, signCheckpoint } from '@aidtrail/public-log';
import { hexEncode } from '@aidtrail/envelope';
import type { Browser, Page } from 'playwright-core';
import { barriersOn, describeWithBrowser, openBrowser, phone, visit, type Visitor } from './browser.testing.js';
import { liveDemo, type DemoLife } from './demo-life.testing.js';

const TWO_MINUTES = 120_000;
/** In which an open page shows what was published. */
const TWO_SECONDS = 2_000;

let life: DemoLife;
let browser: Browser;
let visitor: Visitor | undefined;

async function come(path: string, options: Parameters<typeof visit>[2] = {}): Promise<Page> {
  visitor = await visit(browser, `${life.url}/${path}`, options);
  return visitor.page;
}

async function verify(page: Page, button = '开始验证'): Promise<string | null> {
  await page.getByRole('button', { name: button }).first().click();
  const verdict = page.locator('[data-verdict]');
  await verdict.waitFor();
  return verdict.getAttribute('data-verdict');
}

const outcomeOf = (page: Page, step: string): Promise<string | null> =>
  page.locator(`[data-step="${step}"]`).getAttribute('data-outcome');

describeWithBrowser('the portal, in a browser', () => {
  beforeAll(async () => {
    [life, browser] = await Promise.all([liveDemo(), openBrowser()]);
  }, 2 * TWO_MINUTES);
  afterAll(async () => {
    await browser?.close();
    await life?.close();
  });
  afterEach(async () => {
    const complaints = visitor?.complaints ?? [];
    await visitor?.context.close();
    visitor = undefined;
    expect(complaints).toEqual([]);
  });

  it('follows a large gift from a typed code, in Chinese, to the fen; the code is in no address that is sent', async () => {
    const page = await come('');
    await page.getByLabel('查询码').fill(` ${life.gifts.company.toLowerCase().replaceAll('-', ' ')} `);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '¥350,000.00' }).waitFor();
    const text = await page.locator('main').innerText();
    for (const part of [
      '2026年6月1日 收到的捐赠',
      '¥10,500.00',
      '青溪县洪灾恢复行动',
      '灾后恢复',
      '米面粮食',
      '已由银行付给合作商户',
      '发给了哪些人群',
      '老年人',
      '青溪县 439903',
      '账本签署的是旁边的行政区划代码',
    ])
      expect(text).toContain(part);
    expect(text).toContain('合计 ¥350,000.00，与捐赠额一致，一分不差');
    await page.locator('.sankey svg').waitFor();
    expect(await page.getByRole('img', { name: /去向图。受助家庭已使用/ }).count()).toBe(1);
    const sent = (visitor as Visitor).asked.join('\n');
    expect(sent).not.toContain(life.gifts.company.slice(0, 11));
    expect(sent.toLowerCase()).not.toContain(life.gifts.company.slice(0, 5).toLowerCase());
    for (const address of (visitor as Visitor).asked) expect(address.startsWith(life.url)).toBe(true);
  });

  it('follows a 1-yuan gift on a phone, in English, and keeps the language', async () => {
    const page = await come(`#/gift/${life.gifts.single}`, phone);
    await page.getByRole('button', { name: 'Switch to English' }).click();
    await page.getByRole('heading', { name: '¥1.00' }).waitFor();
    const text = await page.locator('main').innerText();
    expect(text).toContain('on the vouchers of fewer than 10 households');
    expect(text).toContain('Added up on your device: ¥1.00, which is the gift, to the fen.');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.reload();
    await page.getByRole('heading', { name: 'Step by step' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  });

  it('says of a gift in a small village only what cannot point at anybody, and that it does', async () => {
    const page = await come(`#/gift/${life.gifts.village}`);
    await page.getByText('不足 10 户的购物和人群明细不单独显示').waitFor();
    const text = await page.locator('main').innerText();
    expect(text).toContain('涉及不到 10 户家庭的券');
    expect(text.split('明细不显示')).toHaveLength(2);
    expect(text).toContain('明细不显示：发给了哪些人群、买了什么、在哪几周、在哪些商户');
    expect(text).not.toContain('米面粮食');
    expect(await verify(page)).toBe('open');
  });

  it.each(['abc', '00000-00000-00000-00000-000000', '%00%ff', '<script>alert(1)</script>', '9'.repeat(500)])(
    'has one plain answer for a code that is wrong, malformed or guessed: %s',
    async (code) => {
      const page = await come(`#/gift/${encodeURIComponent(code)}`);
      await page.getByRole('heading', { name: '没有找到这个查询码' }).waitFor();
      expect(await page.getByRole('alert').innerText()).toBe(
        '没有找到这个查询码\n\n请对照捐赠凭证再输入一次。刚捐赠的，请等入账后再查。',
      );
    },
  );

  it('verifies a gift on the device, and again on the next visit against what it remembers', async () => {
    const page = await come(`#/gift/${life.gifts.company}`);
    expect(await verify(page)).toBe('open');
    expect(await page.locator('[data-step]').count()).toBe(8);
    expect(await outcomeOf(page, 'history')).toBe('first');
    const verdict = await page.locator('.verdict').innerText();
    expect(verdict).toMatch(/^!?\s*签名和证明都成立/);
    expect(verdict).toContain('这是这个浏览器第一次来，还没有可以比对的检查点');
    expect(verdict).not.toContain('没有发现改动');
    expect(verdict).toContain('还缺独立的见证：这是演示账本');
    // The demo's witnesses run where its ledger runs, and the page does not pass them off as anybody else's.
    expect(await outcomeOf(page, 'witnesses')).toBe('ownMachine');
    expect(await page.locator('.check-step.check-good').count()).toBe(7);
    await page.reload();
    expect(await verify(page)).toBe('open');
    expect(await outcomeOf(page, 'history')).toBe('same');
    const again = await page.locator('.verdict').innerText();
    expect(again).toContain('没有发现改动：签名、证明和检查点都成立');
    expect(again).not.toContain('第一次来');
    await page.locator('[data-step="witnesses"] summary').click();
    expect(await page.locator('[data-step="witnesses"]').innerText()).toMatch(/UTC/);
  });

  it('shows red and says what is wrong when a tile was tampered with', async () => {
    const page = await come(`#/gift/${life.gifts.company}`);
    await page.route('**/log/tile/0/**', async (route) => {
      const response = await route.fetch();
      const body = Buffer.from(await response.body());
      for (let at = 0; at < body.length; at += 32) body[at] = (body[at] as number) ^ 1;
      await route.fulfill({ response, body });
    });
    expect(await verify(page)).toBe('bad');
    expect(await page.locator('.verdict').innerText()).toContain('有问题');
    expect(await page.locator('[data-step="entry"]').innerText()).toContain('证明不成立');
    expect(await page.getByRole('button', { name: /下载凭证/ }).count()).toBe(0);
    expect(await barriersOn(page)).toEqual([]);
  });

  it('shows red when the answer does not add up, and understands nothing that is too large to be exact', async () => {
    const page = await come('');
    let change = (trace: Record<string, unknown>): object => ({
      ...trace,
      grossMinor: (trace['grossMinor'] as number) + 1,
    });
    await page.route('**/traces', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: change((await response.json()) as Record<string, unknown>) });
    });
    await page.goto(`${life.url}/#/gift/${life.gifts.company}`);
    await page.getByText('这份回答对不上').first().waitFor();
    expect(await verify(page)).toBe('bad');
    expect(await outcomeOf(page, 'amounts')).toBe('differ');
    change = (trace) => ({ ...trace, grossMinor: 2 ** 60 });
    await page.reload();
    await page.getByText('服务器的回答看不懂').waitFor();
  });

  it('shows the figures of the whole programme, and finds in the log that these are the ones', async () => {
    const page = await come('#/programme');
    // It stands there once the figures came; before that the page shows where they will be.
    await page.locator('#part-check').waitFor();
    const text = await page.locator('main').innerText();
    for (const part of [
      '钱在哪里',
      '按行动',
      '青溪县洪灾恢复行动',
      '更正说明',
      '按区县',
      '梧桐区 439901',
      '公布后自动更新',
    ])
      expect(text).toContain(part);
    const check = page.locator('#part-check');
    await check.getByRole('button').first().click();
    // The demo's witnesses run where its ledger runs.
    await check.locator('[data-verdict="open"]').waitFor();
    expect(await outcomeOf(page, 'figures')).toBe('same');
    expect(await outcomeOf(page, 'signature')).toBe('valid');
  });

  it('shows names as text, whatever stands in them', async () => {
    const page = await come('', { serviceWorkers: 'block' });
    const name = '<img src=x onerror="document.title=1"><b>行动</b>';
    await page.route('**/campaigns/*', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), name } });
    });
    await page.goto(`${life.url}/#/gift/${life.gifts.company}`);
    await page.locator('.sankey svg').waitFor();
    expect(await page.locator('.card h4').first().innerText()).toBe(name);
    expect(await page.locator('main img, main b').count()).toBe(0);
  });

  it('remembers what it saw, and shows red and keeps the evidence when the log was forked', async () => {
    const page = await come('#/check');
    const { checkpointSigner } = await readServerKeysOrThrow(life.dataDirectory);
    const signer = createNoteSigner(life.origin, checkpointSigner);
    // What a second history would have looked like, signed by the ledger itself.
    const note = signCheckpoint({ origin: life.origin, size: 4_000, root: new Uint8Array(32).fill(9) }, signer);
    const [log] = parsePolicyOrThrow(await readFile(join(life.dataDirectory, 'log-policy.txt'))).logs;
    const key = `aidtrail.seen.${hexEncode(log?.key.publicKey as Uint8Array)}`;
    const kept = JSON.stringify({ note, at: '2026-06-05T08:00:00.000Z' });
    await page.evaluate(`localStorage.setItem(${JSON.stringify(key)}, ${JSON.stringify(kept)})`);
    expect(await verify(page)).toBe('bad');
    expect(await outcomeOf(page, 'history')).toBe('forked');
    expect(await page.locator('[data-step="history"]').innerText()).toContain('历史被改写');
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '保存证据' }).click(),
    ]);
    expect(await readFile(await saved.path(), 'utf8')).toContain('size then: 4000');
    // It is not talked out of what it saw.
    expect(await verify(page, '再验证一次')).toBe('bad');
  });

  it('verifies with a clock that is years off', async () => {
    const page = await come('');
    await page.clock.setFixedTime(new Date('2011-01-01T00:00:00Z'));
    await page.goto(`${life.url}/#/gift/${life.gifts.single}`);
    expect(await verify(page)).toBe('open');
  });

  it('opens without a network, and checks a receipt there', async () => {
    const page = await come(`#/gift/${life.gifts.company}`);
    await verify(page);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /下载凭证/ }).click(),
    ]);
    const receipt = await readFile(await saved.path(), 'utf8');
    const path = join(life.dataDirectory, 'gift.tlog-proof');
    await writeFile(path, receipt);
    await page.goto(`${life.url}/#/check`);
    await page.getByText('已发布').waitFor();
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await page.reload();
    await page.getByText('已发布').waitFor();
    await visitor?.context.setOffline(true);
    await page.reload();
    await page.getByText('服务器没有应答，下面是保存于').waitFor();
    const choose = page.getByLabel('选择凭证文件');
    await choose.setInputFiles(path);
    await page.locator('[data-verdict="open"]').waitFor();
    expect(await page.locator('[data-step="amounts"]').innerText()).toContain('与日志里的摘要相符');
    await choose.setInputFiles({
      name: 'changed.tlog-proof',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(receipt.replace(/^index (\d+)/m, (_line, index: string) => `index ${Number(index) + 1}`)),
    });
    await page.locator('[data-verdict="bad"]').waitFor();
    await page.goto(`${life.url}/#/gift/${life.gifts.company}`);
    await page.getByText('暂时连不上账本服务器').waitFor();
    // That nothing answers is what the browser complains about here.
    visitor?.complaints.splice(0);
  });

  it(
    'has no barriers that axe finds, on any page, in both languages, wide and narrow',
    async () => {
      for (const [options, button] of [
        [{ language: 'zh' }, '开始验证'],
        [{ ...phone, language: 'en' }, 'Verify now'],
      ] as const) {
        for (const path of ['', '#/check', '#/programme', '#/nothing', '#/gift/none', `#/gift/${life.gifts.company}`]) {
          const page = await come(path, options);
          await page.locator('h1').first().waitFor();
          if (path.includes(life.gifts.company)) await verify(page, button);
          expect([path, await barriersOn(page)]).toEqual([path, []]);
          await visitor?.context.close();
        }
      }
    },
    TWO_MINUTES,
  );

  it('can be used by keyboard alone, and with text twice as large on a phone', async () => {
    const page = await come('', phone);
    await page.evaluate("document.documentElement.style.fontSize = '200%'");
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('跳到正文');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type(life.gifts.single);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '¥1.00' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.getByRole('button', { name: '开始验证' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-verdict="open"]').waitFor();
  });

  // The last ones: the ledger's days go on.
  it(
    'shows within two seconds of a publication what has become of an open gift, and says since when it is so',
    async () => {
      const page = await come(`#/gift/${life.gifts.company}`);
      await page.getByText('公布后自动更新').waitFor();
      const before = await page.locator('.summary').innerText();
      expect(await page.locator('.stream-line').innerText()).toMatch(
        /^20\d\d年\d+月\d+日 \d+:\d\d 的状态 · 公布后自动更新/,
      );
      await verify(page);
      await life.startDay('2026-07-01');
      await page.waitForTimeout(TWO_SECONDS);
      const after = await page.locator('.summary').innerText();
      expect(after).not.toBe(before);
      expect(await page.locator('main').innerText()).toContain('合计 ¥350,000.00，与捐赠额一致，一分不差');
      // It is what the ledger would answer now.
      await page.reload();
      await page.locator('.summary').waitFor();
      expect(await page.locator('.summary').innerText()).toBe(after);
    },
    TWO_MINUTES,
  );

  it(
    'keeps an open gift as it was while the ledger does not answer, says so, and goes on when it does',
    async () => {
      const page = await come(`#/gift/${life.gifts.company}`);
      await page.getByText('公布后自动更新').waitFor();
      const before = await page.locator('.summary').innerText();
      let asked = 0;
      await page.route('**/traces', async (route) => {
        asked += 1;
        await route.fulfill({ status: 503 });
      });
      await life.startDay('2026-09-01');
      await page.getByText('连接中断，正在重试').waitFor();
      expect(await page.locator('.summary').innerText()).toBe(before);
      // After waits that double.
      await page.waitForTimeout(4_000);
      expect(asked).toBeLessThan(12);
      await page.unroute('**/traces');
      await page.getByText('去向刚刚更新').waitFor();
      expect(await page.locator('.stream-line').innerText()).toContain('公布后自动更新');
      expect(await page.locator('.summary').innerText()).not.toBe(before);
      visitor?.complaints.splice(0);
    },
    TWO_MINUTES,
  );
});
