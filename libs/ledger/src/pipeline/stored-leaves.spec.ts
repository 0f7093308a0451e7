import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  parseAnswerOrThrow,
  base64DecodeOrThrow,
  base64Encode,
  canonicalBytes,
  COMMAND_TYPE,
  digestOf,
  keyIdOf,
  parseDisclosureOrThrow,
  utf8DecodeOrThrow,
  uuidV5,
  verifyAnswer,
  verifyLeafSignature,
  verifySignature,
  type JsonValue,
} from '@aidtrail/envelope';
import { commandTable, eventProblem, eventTable, type CommandSpec, type EventSpec } from '@aidtrail/domain';
import { createLedgerHarness, treeHasher, type LedgerHarness } from '@aidtrail/testing/ledger';
import { leavesOf, verifier, type ReadLeaf } from '@aidtrail/testing/reading';
import {
  claim,
  giveAndTransfer,
  issueBatch,
  openRelief,
  redemption,
  type ReliefScenario,
} from '@aidtrail/testing/relief';
import { approveSettlement, cutOff, paySettlement, startDay } from '@aidtrail/testing/settling';

let h: LedgerHarness;
let relief: ReliefScenario;
let leaves: readonly ReadLeaf[];

beforeAll(async () => {
  h = await createLedgerHarness({ rowsAtATime: 2 });
  relief = await openRelief(h);
  await giveAndTransfer(h, relief, [100_000, 33_333, 1]);
  const { voucherIds } = await issueBatch(h, relief, { count: 3, faceMinor: 10_000 });
  const voucher = voucherIds[0] as string;
  const holder = await claim(h, relief, voucher);
  const redeemed = await h.accept(redemption(relief, voucher, 1_234), [relief.keys.till, holder]);
  const reversal = { voucher, redemption: redeemed, amountMinor: 34, reason: 'returned-goods' };
  await h.accept({ type: 'ReverseRedemption', data: reversal }, [relief.keys.finance1]);
  await h.submit(redemption(relief, voucher, 99_999), [relief.keys.till, holder]);
  await startDay(h, relief, '2026-06-02');
  const [settlement] = (await cutOff(h, relief)) as [string];
  const netMinor = await approveSettlement(h, relief, settlement);
  await startDay(h, relief, '2026-06-03');
  await paySettlement(h, relief, { settlement, netMinor });
  await startDay(h, relief, '2026-07-01');
  leaves = await leavesOf(h.store);
});

describe('what stands in the store', () => {
  it('is what it says: its place, its stream, its version without gaps, fields of its closed schema', () => {
    const versions = new Map<string, number>();
    for (const [position, { stored, leaf }] of leaves.entries()) {
      versions.set(leaf.stream, (versions.get(leaf.stream) ?? 0) + 1);
      const { id, stream, version } = leaf;
      expect({ ...stored, bytes: 0, sealed: 0 }).toStrictEqual({ bytes: 0, sealed: 0, position, id, stream, version });
      expect(version).toBe(versions.get(stream));
      expect(leaf.log).toBe(h.origin);
      expect({ type: leaf.type, problem: eventProblem(leaf.type, leaf.data) }).toStrictEqual({
        type: leaf.type,
        problem: undefined,
      });
    }
  });

  it('is signed by the event key', () => {
    for (const { leaf } of leaves) expect(verifyLeafSignature(verifier, leaf, h.eventSigner.publicKey)).toBe(true);
  });

  it('carries the actor’s command, signed by keys that the log had enrolled, or names the earlier event that caused it', () => {
    const keys = new Map<string, string>();
    const ids = new Set<string>();
    const remember = (publicKey: unknown): void => {
      const key = publicKey as string;
      keys.set(keyIdOf(base64DecodeOrThrow(key)), key);
    };
    for (const { leaf } of leaves) {
      const data = leaf.data as { readonly roots?: readonly { readonly publicKey: string }[] } & typeof leaf.data;
      for (const root of data.roots ?? []) remember(root.publicKey);
      if (leaf.type === 'VoucherClaimed') remember(data['holder']);
      if ('ref' in leaf.command) {
        expect(ids.has(leaf.command.ref)).toBe(true);
      } else {
        const { body, sigs } = leaf.command;
        expect(leaf.id).toBe(uuidV5(body.id, '0'));
        expect(sigs[0]?.key).toBe(body.key);
        for (const { key, sig } of sigs) {
          const publicKey = base64DecodeOrThrow(keys.get(key) as string);
          expect(verifySignature(verifier, COMMAND_TYPE, canonicalBytes(body), { publicKey, sig })).toBe(true);
        }
      }
      if (leaf.type === 'KeyEnrolled') remember(data['publicKey']);
      ids.add(leaf.id);
    }
  });

  it('relies on facts that are in the log before it, at the newest version', () => {
    const versions = new Map<string, number>();
    for (const { leaf } of leaves) {
      for (const [stream, version] of leaf.facts ?? [])
        expect([stream, version]).toStrictEqual([stream, versions.get(stream) ?? 0]);
      versions.set(leaf.stream, leaf.version);
    }
  });

  it('opens: each disclosure has its digest in the command or in the leaf, and the private fields fit their schema', async () => {
    let opened = 0;
    for (const { stored, leaf } of leaves) {
      const disclosures = await h.disclosuresOf(stored);
      const digests = new Set([...(leaf._sd ?? []), ...('body' in leaf.command ? (leaf.command.body._sd ?? []) : [])]);
      for (const disclosure of disclosures) expect(digests.has(digestOf(disclosure))).toBe(true);
      const fields = Object.fromEntries(
        disclosures.map(parseDisclosureOrThrow).map(({ name, value }) => [name, value]),
      );
      opened += disclosures.length;
      const ofEvent = new Set(privateNames(eventTable, leaf.type));
      const ofCommand = 'body' in leaf.command ? privateNames(commandTable, leaf.command.body.type) : [];
      const known = new Set([...ofEvent, ...ofCommand, 'facts']);
      expect(Object.keys(fields).filter((name) => !known.has(name))).toStrictEqual([]);
      const own = Object.fromEntries(Object.entries(fields).filter(([name]) => ofEvent.has(name)));
      if (ofEvent.size > 0)
        expect({ type: leaf.type, problem: eventProblem(leaf.type, leaf.data, own) }).toStrictEqual({
          type: leaf.type,
          problem: undefined,
        });
    }
    expect(opened).toBeGreaterThan(40);
  });

  it('holds no private value in clear: not one that was disclosed, nor anything of people and payments', async () => {
    const everywhere = ['riverside', 'elderly', '1900000001', 'ref-', '04:05:06', '03:04:05', 'bank ', 'pay '];
    for (const { stored, leaf } of leaves) {
      const text = utf8DecodeOrThrow(stored.bytes);
      const values = (await h.disclosuresOf(stored)).map(parseDisclosureOrThrow).flatMap(({ value }) => textsIn(value));
      for (const value of [...values, ...everywhere])
        expect({ type: leaf.type, holds: text.includes(value) ? value : '' }).toStrictEqual({
          type: leaf.type,
          holds: '',
        });
      if (!/^(merchant|key|programme)-/.test(leaf.stream)) {
        expect(text.includes(relief.merchant) || text.includes(relief.store)).toBe(false);
      }
    }
  });
});

describe('an answer', () => {
  it('is signed by the event key, for the body that was sent, and names the leaf that stands in the store', async () => {
    let answers = 0;
    for (const { stored, leaf } of leaves) {
      if ('ref' in leaf.command) continue;
      const outcome = await h.store.outcomeOf(leaf.command.body.id);
      const answer = outcome?.answer as Uint8Array;
      expect(verifyAnswer(verifier, answer, h.eventSigner.publicKey)).toBe(true);
      expect(verifyAnswer(verifier, answer, h.roots[0].publicKey)).toBe(false);
      const { payload } = JSON.parse(utf8DecodeOrThrow(answer)) as { readonly payload: string };
      expect(JSON.parse(utf8DecodeOrThrow(base64DecodeOrThrow(payload)))).toMatchObject({
        log: h.origin,
        command: leaf.command.body.id,
        bodyHash: base64Encode(outcome?.bodyHash as Uint8Array),
        accepted: { event: leaf.id, leafHash: base64Encode(treeHasher.leafHash(stored.bytes)) },
      });
      answers += 1;
    }
    expect(answers).toBeGreaterThan(40);
  });

  it('that refuses is signed as well', async () => {
    const result = await h.submit({ type: 'StartDay', data: { day: '2026-06-30' } }, [relief.keys.service]);
    if (result.kind !== 'refused') throw new Error('It was not refused.');
    expect(verifyAnswer(verifier, result.answerBytes, h.eventSigner.publicKey)).toBe(true);
    const { body } = parseAnswerOrThrow(result.answerBytes);
    expect(body).toMatchObject({ command: result.commandId, refused: { code: 'day_not_later' } });
  });
});

function privateNames(table: Readonly<Record<string, CommandSpec | EventSpec>>, type: string): readonly string[] {
  return Object.keys(table[type]?.disclosure ?? {});
}

/** The texts in a disclosed value that are long enough not to be in a leaf by chance. */
function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return value.length < 8 ? [] : [value];
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(textsIn);
  return typeof value === 'object' ? Object.values(value).flatMap((one) => textsIn(one)) : [];
}
