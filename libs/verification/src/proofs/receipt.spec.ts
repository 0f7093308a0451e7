import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  base64Encode,
  canonicalBytes,
  MalformedInput,
  parseDisclosureOrThrow,
  parseLeafOrThrow,
  sha256,
  utf8DecodeOrThrow,
} from '@aidtrail/envelope';
import { formatProofFile, NoteRejected, ProofRejected } from '@aidtrail/public-log';
import { createLedgerHarness, type HarnessInternals, type LedgerHarness } from '@aidtrail/testing/ledger';
import { leavesOfType, verifier } from '@aidtrail/testing/reading';
import { claim, giveAndTransfer, issueBatch, openRelief, redemption } from '@aidtrail/testing/relief';
import { makeReceiptOrThrow, NotWitnessedYet } from './make-receipt.js';
import { PublishedLog } from './published.testing.js';
import { openReceiptOrThrow, parseReceiptOrThrow, type ReceiptTrust } from './receipt.js';

const TIME = 1_780_000_000;

let h: LedgerHarness & HarnessInternals;
let log: PublishedLog;
let trust: ReceiptTrust;
/** Of a redemption, the last event. */
let index: number;
let disclosures: readonly string[];
let receipt: string;

beforeAll(async () => {
  h = await createLedgerHarness();
  const relief = await openRelief(h);
  await giveAndTransfer(h, relief, [30_000]);
  const { voucherIds } = await issueBatch(h, relief, { count: 3, faceMinor: 5_000 });
  const voucher = voucherIds[0] as string;
  await h.accept(redemption(relief, voucher, 1_200), [relief.keys.till, await claim(h, relief, voucher)]);
  const [redeemed] = await leavesOfType(h.store, 'VoucherRedeemed');
  if (redeemed === undefined) throw new Error('Nothing was redeemed.');
  index = redeemed.stored.position;
  disclosures = await h.disclosuresOf(redeemed.stored);
  log = new PublishedLog(h);
  await log.publish({ time: TIME });
  trust = { policy: log.policy, verifier, sha256 };
  receipt = await makeReceiptOrThrow(log.read, { index, disclosures: named('store', 'basket') }, trust);
});

function named(...names: readonly string[]): readonly string[] {
  return disclosures.filter((one) => names.includes(parseDisclosureOrThrow(one).name));
}

describe('a receipt', () => {
  it('shows, offline, the event, where it stands, who witnessed it, and the private fields that were chosen', () => {
    const { leaf, disclosed, witnessed, index: at } = openReceiptOrThrow(receipt, trust);
    expect({ at, type: leaf.type, amountMinor: leaf.data['amountMinor'] }).toEqual({
      at: index,
      type: 'VoucherRedeemed',
      amountMinor: 1_200,
    });
    expect(Object.keys(disclosed).sort()).toEqual(['basket', 'store']);
    expect(witnessed.cosignedBy).toEqual([
      { witness: 'w0', time: TIME },
      { witness: 'w1', time: TIME },
    ]);
  });

  it('can be made for every event of the log, and shows nothing private unless asked', async () => {
    for (let i = 0; i < (await h.store.head()); i += 1) {
      const opened = openReceiptOrThrow(
        await makeReceiptOrThrow(log.read, { index: i, disclosures: [] }, trust),
        trust,
      );
      expect([opened.index, opened.disclosed]).toEqual([i, {}]);
    }
  });

  it('is not given before enough witnesses have cosigned', async () => {
    await h.enroll('worker', { officer: 'worker-9' });
    const newest = (await h.store.head()) - 1;
    await log.publish({ time: TIME + 1, cosigners: 1 });
    const early = makeReceiptOrThrow(log.read, { index: newest, disclosures: [] }, trust);
    await expect(early).rejects.toThrow(NotWitnessedYet);
    await log.publish({ time: TIME + 2 });
    await expect(makeReceiptOrThrow(log.read, { index: newest, disclosures: [] }, trust)).resolves.toContain('index');
  });
});

describe('a receipt is refused', () => {
  const changed = (change: (parts: ReturnType<typeof parseReceiptOrThrow>) => object, extra?: object): string => {
    const parts = { ...parseReceiptOrThrow(receipt), ...change(parseReceiptOrThrow(receipt)) };
    const { leaf, disclosures: shown } = parts;
    return formatProofFile({
      ...parts,
      extra: canonicalBytes(extra ?? { disclosures: shown, leaf: base64Encode(leaf) }),
    });
  };

  it('with another event in it', () => {
    const forged = changed(({ leaf }) => {
      const text = utf8DecodeOrThrow(leaf).replaceAll('"amountMinor":1200', '"amountMinor":1100');
      return { leaf: new TextEncoder().encode(text) };
    });
    expect(() => openReceiptOrThrow(forged, trust)).toThrow(ProofRejected);
  });

  it('with a private field that is not the event’s, or twice the same', async () => {
    const [other] = await leavesOfType(h.store, 'VoucherClaimed');
    const foreign = await h.disclosuresOf(other?.stored as never);
    const mixed = changed(({ disclosures: own }) => ({ disclosures: [...own, ...foreign] }));
    expect(() => openReceiptOrThrow(mixed, trust)).toThrow(MalformedInput);
    const twice = changed(({ disclosures: own }) => ({ disclosures: [...own, ...own] }));
    expect(() => openReceiptOrThrow(twice, trust)).toThrow(MalformedInput);
  });

  it('with fewer witnesses than the policy asks for, or a forged one', () => {
    const lines = receipt.trimEnd().split('\n');
    expect(() => openReceiptOrThrow(`${lines.slice(0, -1).join('\n')}\n`, trust)).toThrow(NoteRejected);
    const last = lines.at(-1) as string;
    const forged = last.slice(0, -6) + (last.at(-6) === 'A' ? 'B' : 'A') + last.slice(-5);
    expect(() => openReceiptOrThrow(`${[...lines.slice(0, -1), forged].join('\n')}\n`, trust)).toThrow(NoteRejected);
  });

  it('at another index, or without the event', () => {
    expect(() =>
      openReceiptOrThrow(
        changed(() => ({ index: index - 1 })),
        trust,
      ),
    ).toThrow(ProofRejected);
    const { extra: _extra, ...bare } = { extra: 0, ...parseReceiptOrThrow(receipt) };
    expect(() => openReceiptOrThrow(formatProofFile(bare), trust)).toThrow(MalformedInput);
    for (const odd of [{ leaf: 'AA==' }, { disclosures: [1], leaf: 'AA==' }, { disclosures: [], leaf: '', more: 1 }])
      expect(() =>
        openReceiptOrThrow(
          changed(() => ({}), odd),
          trust,
        ),
      ).toThrow(MalformedInput);
  });

  it('with any one character changed', () => {
    const untouched = openReceiptOrThrow(receipt, trust);
    for (let at = 0; at < receipt.length; at += 7) {
      const code = receipt.charCodeAt(at) ^ 1;
      const text = receipt.slice(0, at) + String.fromCharCode(code) + receipt.slice(at + 1);
      // A line under a name that nobody knows is ignored; then the witness, or the log's signature, is missing.
      expect(() => openReceiptOrThrow(text, trust)).toThrow();
    }
    expect(parseLeafOrThrow(parseReceiptOrThrow(receipt).leaf)).toEqual(untouched.leaf);
  });
});
