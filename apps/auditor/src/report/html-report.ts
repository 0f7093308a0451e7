import { refusalText } from '@aidtrail/domain';
import type { AuditReport, ToldFinding } from './audit-report.js';
import { both, heading, items, table, text } from './html-parts.js';
import { htmlPrivacy } from './html-privacy.js';
import { htmlStyle } from './html-style.js';
import { count, findingsIn, meaningOf, moneyRows, verdictOf, type Words } from './wording.js';

const MOST_SHOWN = 200;

/** The report for a board: one page that needs nothing else, in Chinese and English, without scripts, good to print. */
export function htmlReport(report: AuditReport): string {
  const verdict = verdictOf(report);
  const title = `审计报告 Audit report · ${report.origin ?? ''}`;
  return `<!doctype html>
<html lang="zh-Hans">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(title)}</title>
<style>${htmlStyle}</style>
</head>
<body>
<main>
<header>
<p class="kind">审计报告 <span lang="en">Audit report</span></p>
<h1>${text(report.origin ?? '—')}</h1>
</header>
<section class="verdict ${report.result}">
<p class="word">${badge(report)}</p>
<p>${text(verdict.zh)}</p>
<p lang="en">${text(verdict.en)}</p>
</section>
${figures(report)}
${list({ zh: '这说明什么', en: 'What this means' }, meaningOf(report))}
${findings(report)}
${evidence(report)}
${witnesses(report)}
${money(report)}
${htmlPrivacy(report)}
${checked(report)}
${notChecked(report)}
<footer>
<p>本报告由审计程序从所发布的日志文件生成；任何人用同一日志与策略文件都会得到相同的报告。</p>
<p lang="en">Made by the audit program from the published files of the log. Whoever audits the same log under the same policy gets the same report.</p>
</footer>
</main>
</body>
</html>
`;
}

function badge(report: AuditReport): string {
  if (report.result === 'clean') return '✓ 未发现问题 <span lang="en">Clean</span>';
  if (report.result === 'incomplete') return '… 未完成 <span lang="en">Incomplete</span>';
  return `✗ ${count(findingsIn(report))} 处问题 <span lang="en">Findings</span>`;
}

function figures({ counts, checkpoint, witnessed }: AuditReport): string {
  const { ledger, actor, second } = counts.signatures;
  const cells: readonly (readonly [Words, string])[] = [
    [{ zh: '条目', en: 'entries' }, count(checkpoint?.size ?? 0)],
    [{ zh: '已见证至', en: 'witnessed up to' }, witnessed.size === undefined ? '—' : count(witnessed.size)],
    [{ zh: '签名', en: 'signatures' }, count(ledger + actor + second)],
    [{ zh: '赈济券', en: 'vouchers' }, count(counts.vouchers)],
  ];
  const boxes = cells.map(
    ([{ zh, en }, value]) =>
      `<div><dt>${text(zh)} <span lang="en">${text(en)}</span></dt><dd>${text(value)}</dd></div>`,
  );
  return `<dl class="figures">${boxes.join('')}</dl>`;
}

function list(title: Words, words: readonly Words[]): string {
  return `<section>${heading(title)}${items(words)}</section>`;
}

function witnesses({ witnessed: { by } }: AuditReport): string {
  if (by.length === 0) return '';
  const rows = by.map(({ name, at, loopback }) => [
    text(name),
    `<time>${text(at)}</time>`,
    loopback
      ? '<strong>不算独立（没有日志自己机器之外的地址）</strong> <span lang="en">not independent: no address outside the log’s own machines</span>'
      : '',
  ]);
  const head = [both('见证人', 'Witness'), both('联署时间', 'Cosigned at'), ''];
  return `<section>${heading({ zh: '见证人', en: 'Witnesses' })}${table(head, rows)}</section>`;
}

function checked({ counts, checkpoint, figures: published }: AuditReport): string {
  const { signatures } = counts;
  const rows: readonly (readonly [string, string, string | number])[] = [
    ['检查点的根', 'Root of the checkpoint', checkpoint?.root ?? '—'],
    ['读取的条目', 'Entries read', count(counts.entries)],
    ['检查了规则的条目', 'Entries checked by the rules', count(counts.entriesByRules)],
    ['文件', 'Files', count(counts.files)],
    ['字节', 'Bytes', count(counts.bytes)],
    ['账本签名', 'Signatures of the ledger', count(signatures.ledger)],
    ['经办人签名', 'Signatures of whoever acted', count(signatures.actor)],
    ['第二签名人签名', 'Signatures of second parties', count(signatures.second)],
    ['指令所引用的检查点', 'Checkpoints named in commands', count(counts.anchors)],
    ['事件流', 'Streams', count(counts.streams)],
    ['天数', 'Days', count(counts.days)],
    ...(published === undefined ? [] : [publicationsRow(published)]),
  ];
  const cells = rows.map(([zh, en, value]) => [both(zh, en), `<span class="value">${text(value)}</span>`]);
  return `<section>${heading({ zh: '检查了什么', en: 'What was checked' })}${table(undefined, cells)}</section>`;
}

function publicationsRow({ publications }: NonNullable<AuditReport['figures']>) {
  return ['重新计算的公开数字（次）', 'Publications of public figures, recomputed', count(publications)] as const;
}

function money(report: AuditReport): string {
  const rows = moneyRows(report).map(([{ zh, en }, value]) => [
    both(zh, en),
    `<span class="value">${text(value)}</span>`,
  ]);
  return rows.length === 0
    ? ''
    : `<section>${heading({ zh: '钱在哪里', en: 'Where the money is' })}${table(undefined, rows)}</section>`;
}

function findings(report: AuditReport): string {
  if (report.findings.length === 0) return '';
  const shown = report.findings.slice(0, MOST_SHOWN).map(finding);
  const rest = findingsIn(report) - shown.length;
  const more = rest === 0 ? '' : `<p>另有 ${count(rest)} 处。 <span lang="en">And ${count(rest)} more.</span></p>`;
  const byCode = Object.entries(report.findingCounts).map(([code, number]) => [
    `<code>${text(code)}</code>`,
    `<span class="value">${count(number)}</span>`,
  ]);
  return `<section>${heading({ zh: '问题', en: 'Findings' })}${table(undefined, byCode)}<ol class="findings">${shown.join('')}</ol>${more}</section>`;
}

function finding({ code, leaf, subject, expected, actual, zh, en }: ToldFinding): string {
  const where = [leaf === undefined ? '' : `第 ${leaf} 号条目 leaf ${leaf}`, subject ?? '']
    .filter((part) => part !== '')
    .join(' · ');
  const values = [
    ...(expected === undefined ? [] : [[both('应为', 'expected'), `<code>${text(expected)}</code>`]]),
    ...(actual === undefined ? [] : [[both('实为', 'found'), `<code>${text(actual)}</code>`]]),
  ];
  return `<li><p><code>${text(code)}</code> ${text(where)}</p><p>${text(zh)}<br><span lang="en">${text(en)}</span></p>${values.length === 0 ? '' : table(undefined, values)}</li>`;
}

function notChecked({ notChecked: rules }: AuditReport): string {
  const rows = Object.entries(rules).map(([code, number]) => [
    ruleHtml(code),
    `<span class="value">${count(number)}</span>`,
  ]);
  if (rows.length === 0) return '';
  const title = { zh: '未检查：这些规则需要披露内容', en: 'Not checked: these rules need disclosures' };
  return `<section>${heading(title)}${table([both('规则', 'Rule'), both('条目', 'Entries')], rows)}</section>`;
}

function ruleHtml(code: string): string {
  const said = refusalText(code);
  return said === undefined ? `<code>${text(code)}</code>` : `${both(said.zh, said.en)} <code>${text(code)}</code>`;
}

function evidence({ fraudProofs }: AuditReport): string {
  if (fraudProofs.length === 0) return '';
  const names = fraudProofs.map((name) => `<li><code>${text(name)}</code></li>`).join('');
  const title = { zh: '可由他人单凭策略文件核对的证据', en: 'Evidence that others can check with the policy alone' };
  return `<section>${heading(title)}<ul>${names}</ul></section>`;
}
