import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { nodeSha256 } from '@aidtrail/crypto-node';
import { base64Encode, MalformedInput, utf8Encode } from '@aidtrail/envelope';
import { formatSlip, joinPartsOrThrow, splitIntoParts, type OpenedReceipt } from '@aidtrail/verification';
import { renderSVG } from 'uqr';
import { aboutOf } from './describe-receipt.js';

/** A receipt to be printed: its file, and what a check of it gave. */
export interface SlipToPrint {
  readonly file: Uint8Array;
  readonly opened: OpenedReceipt;
}

/** Far more than any receipt has, so that a few scanned codes cannot fill the memory. */
const MAX_RECEIPT_BYTES = 2_097_152;

/** The receipt cut into texts for QR codes. */
export function partsOf(file: Uint8Array): readonly string[] {
  return splitIntoParts(deflateRawSync(file, { level: 9 }), nodeSha256);
}

/** Untrusted: `texts`. The receipt's file; throws MalformedInput. */
export function receiptFromPartsOrThrow(texts: readonly string[]): Uint8Array {
  const deflated = joinPartsOrThrow(texts, nodeSha256);
  try {
    return inflateRawSync(deflated, { maxOutputLength: MAX_RECEIPT_BYTES });
  } catch {
    throw new MalformedInput('bad_shape', 'The parts hold no receipt: they do not inflate, or to far too much.');
  }
}

/** One page, without scripts and without anything from elsewhere, a slip after the other; it prints on A4. */
export function slipPage(
  slips: readonly SlipToPrint[],
  options: { readonly url: string; readonly withParts: boolean },
): string {
  return `<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>凭证 · Receipts</title>
<style>${STYLE}</style>
</head>
<body>
${slips.map((slip) => slipHtml(slip, options)).join('\n')}
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light; }
body { margin: 0; padding: 10mm; font: 11pt/1.5 "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", sans-serif; color: #1b1f23; background: #fff; }
.slip { max-width: 182mm; margin: 0 auto 8mm; padding: 7mm; border: 1px solid #c9ced4; border-radius: 3mm; break-inside: avoid; }
.slip header { display: flex; gap: 7mm; }
.slip .code { flex: none; width: 46mm; }
.slip svg { display: block; width: 100%; height: auto; }
h1 { margin: 0 0 1mm; font-size: 15pt; font-weight: 600; }
h1 small { font-size: 11pt; font-weight: 400; color: #57606a; }
.amount { margin: 0 0 2mm; font-size: 18pt; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0 4mm; margin: 0; font-size: 9.5pt; }
dt { color: #57606a; } dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.how { margin: 3mm 0 0; font-size: 9pt; color: #57606a; }
.parts { margin-top: 5mm; padding-top: 4mm; border-top: 1px dashed #c9ced4; break-inside: auto; }
.parts ol { display: grid; grid-template-columns: repeat(3, 1fr); gap: 5mm; margin: 2mm 0 0; padding: 0; list-style: none; font-size: 9pt; text-align: center; }
.parts li { break-inside: avoid; }
@media print { body { padding: 0; } .slip { border-radius: 0; } }
@media (max-width: 560px) { .slip header { display: block; } .slip .code { margin-bottom: 4mm; } .parts ol { grid-template-columns: 1fr; } }
`;

function slipHtml(
  { file, opened }: SlipToPrint,
  { url, withParts }: { readonly url: string; readonly withParts: boolean },
): string {
  const { index, leaf, leafHash, witnessed } = opened;
  const code = renderSVG(formatSlip({ origin: leaf.log, index, leafHash, url }), { ecc: 'M', border: 2 });
  const amount = amountOf(leaf.data);
  const witnesses = witnessed.cosignedBy.map(({ witness }) => witness).join(', ');
  return `<article class="slip">
<header>
<div class="code">${code}</div>
<div>
<h1>${escape(NAMES[leaf.type] ?? '账本事件')} <small>${escape(aboutOf(leaf.type))}</small></h1>
${amount === undefined ? '' : `<p class="amount">${amount} 元</p>`}
<dl>
<dt>日期 Day</dt><dd>${escape(leaf.day)}</dd>
<dt>公开日志 Log</dt><dd>${escape(leaf.log)}</dd>
<dt>序号 Index</dt><dd>${index} / ${witnessed.checkpoint.size}</dd>
<dt>叶哈希 Leaf hash</dt><dd>${base64Encode(leafHash)}</dd>
<dt>见证人 Witnesses</dt><dd>${witnesses === '' ? '无 none' : escape(witnesses)}</dd>
</dl>
<p class="how">扫描二维码即可在公开日志中核对此事件。<br>Scan the code to look this event up in the public log.</p>
</div>
</header>
${withParts ? partsHtml(file) : ''}
</article>`;
}

function partsHtml(file: Uint8Array): string {
  const parts = partsOf(file);
  const items = parts.map(
    (part, i) => `<li>${renderSVG(utf8Array(part), { ecc: 'L', border: 2 })}${i + 1} / ${parts.length}</li>`,
  );
  return `<section class="parts">
<p class="how">离线核对：依次扫描全部 ${parts.length} 个二维码，可还原完整凭证。<br>To check offline, scan all ${parts.length} codes; together they are the receipt.</p>
<ol>${items.join('')}</ol>
</section>`;
}

/** As bytes, so that the encoder does not choose another mode for each stretch of text. */
function utf8Array(text: string): number[] {
  return [...utf8Encode(text)];
}

/** The kinds of events that people are handed slips of. */
const NAMES: Readonly<Record<string, string>> = {
  DonationReceived: '捐赠入账',
  VoucherIssued: '赈济券发放',
  VoucherClaimed: '赈济券领取',
  VoucherRedeemed: '赈济券核销',
  RedemptionReversed: '核销冲回',
  SettlementPaid: '商户结算付款',
};

function amountOf(data: Readonly<Record<string, unknown>>): string | undefined {
  const minor = data['amountMinor'] ?? data['netMinor'];
  if (typeof minor !== 'number') return undefined;
  return `${Math.trunc(minor / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
