import { beforeAll, describe, expect, it } from '@jest/globals';
import { streamConcept, type DomainEvent, type Recorded } from '@aidtrail/domain';
import {
  base64Encode,
  canonicalBytes,
  leafHash,
  MalformedInput,
  parseLeafOrThrow,
  sha256,
  type LeafContent,
} from '@aidtrail/envelope';
import { createTreeHasher, rootOf } from '@aidtrail/public-log';
import { createLedgerHarness, newSigner, publicKeyOf, type LedgerHarness } from '@aidtrail/testing/ledger';
import { leavesOf } from '@aidtrail/testing/reading';
import { claim, giveAndTransfer, issueBatch, openRelief, redemption } from '@aidtrail/testing/relief';
import { cutOff, startDay } from '@aidtrail/testing/settling';
import { LogReplay, ReplayFault } from './log-replay.js';

/** The plain way: every leaf parsed strictly, every state kept as it is. */
function plainFold(leaves: readonly Uint8Array[]): Map<string, { version: number; state: unknown }> {
  const streams = new Map<string, { version: number; state: unknown }>();
  for (const [position, bytes] of leaves.entries()) {
    const { type, stream, id, day, data } = parseLeafOrThrow(bytes);
    const decider = streamConcept(stream)?.decider;
    const before = streams.get(stream) ?? { version: 0, state: decider?.initial };
    const event: Recorded<DomainEvent> = { type, data, id, position, day };
    streams.set(stream, { version: before.version + 1, state: decider?.evolve(before.state, event) });
  }
  return streams;
}

/** A little of everything: gifts, vouchers in each state, a reversal, a reissue, a settlement, an end of a campaign. */
async function live(h: LedgerHarness): Promise<void> {
  const relief = await openRelief(h);
  const { till, service, registrar, programme1 } = relief.keys;
  await giveAndTransfer(h, relief, [30_000, 777, 1, 12_345]);
  const { voucherIds } = await issueBatch(h, relief, { count: 6, faceMinor: 5_000 });
  const [first = '', second = '', third = '', fourth = ''] = voucherIds;
  await startDay(h, relief, '2026-06-02');
  const holder = await claim(h, relief, first);
  const spent = await h.accept(redemption(relief, first, 1_200), [till, holder]);
  await h.accept(redemption(relief, first, 700), [till, holder]);
  const reversal = { voucher: first, redemption: spent, amountMinor: 200, reason: 'wrong-goods' };
  await h.accept({ type: 'ReverseRedemption', data: reversal }, [till]);
  await h.accept(redemption(relief, second, 5_000), [till, await claim(h, relief, second)]);
  await claim(h, relief, third);
  await h.accept({ type: 'ReissueVoucher', data: { voucher: third, reason: 'phone-lost' } }, [registrar]);
  const again = newSigner(h.entropy);
  await h.accept(
    {
      type: 'ClaimVoucher',
      data: { voucher: third, holder: publicKeyOf(again), channel: 'self' },
      private: { time: '2026-06-02T03:04:05Z' },
    },
    [service, again],
  );
  await h.accept({ type: 'CancelVoucher', data: { voucher: fourth, reason: 'moved-away' } }, [programme1]);
  await h.ledger.settle();
  await startDay(h, relief, '2026-06-03');
  await cutOff(h, relief);
  await startDay(h, relief, '2026-07-01');
}

let leaves: readonly Uint8Array[];
let checkpoint: { readonly size: number; readonly root: string };

beforeAll(async () => {
  const h = await createLedgerHarness();
  await live(h);
  checkpoint = await h.ledger.latestCheckpoint();
  leaves = (await leavesOf(h.store)).map(({ stored }) => stored.bytes);
});

const replayOf = (taken: readonly Uint8Array[]): LogReplay => {
  const replay = new LogReplay();
  for (const bytes of taken) replay.take(bytes);
  return replay;
};
/** A leaf with something else in it. Its signature no longer verifies, which a replay does not look at. */
const changed = (bytes: Uint8Array | undefined, change: Partial<LeafContent>): Uint8Array =>
  canonicalBytes({ ...parseLeafOrThrow(bytes ?? new Uint8Array()), ...change });

describe('a replay', () => {
  it('folds every stream into the state of a plain fold', () => {
    const replay = replayOf(leaves);
    const plain = plainFold(leaves);
    expect(replay.streams).toBe(plain.size);
    for (const [stream, folded] of plain) expect([stream, replay.stateOf(stream)]).toStrictEqual([stream, folded]);
  });

  it('lists the streams of a category', () => {
    const isVoucher = ([stream]: readonly [string, unknown]): boolean => stream.startsWith('voucher-');
    const plain = [...plainFold(leaves)].filter(isVoucher);
    expect(plain.map(([, { state }]) => (state as { status: string }).status).sort()).toEqual(
      ['cancelled', 'claimed', 'expired', 'expired', 'expired', 'expired'], // prettier-ignore
    );
    expect(new Map(replayOf(leaves).streamsOf('voucher'))).toStrictEqual(new Map(plain));
    expect([...replayOf(leaves).streamsOf('nothing')]).toEqual([]);
  });

  it('comes by the roots that the ledger signed, and by that of RFC 6962', () => {
    const signed = replayOf(leaves.slice(0, checkpoint.size));
    expect(signed.size).toBe(checkpoint.size);
    expect(base64Encode(signed.root())).toBe(checkpoint.root);
    const hasher = createTreeHasher(sha256);
    const hashes = leaves.map((bytes) => leafHash(bytes));
    for (const size of [0, 1, 2, 3, 7, leaves.length])
      expect(replayOf(leaves.slice(0, size)).root()).toEqual(rootOf(hashes.slice(0, size), hasher));
  });

  it('keeps nothing of the bytes', () => {
    const replay = new LogReplay();
    const memory = new Uint8Array(65_535);
    for (const bytes of leaves) {
      memory.set(bytes);
      replay.take(memory.subarray(0, bytes.length));
      memory.fill(0);
    }
    const plain = replayOf(leaves);
    expect(replay.root()).toEqual(plain.root());
    for (const stream of plainFold(leaves).keys()) expect(replay.stateOf(stream)).toStrictEqual(plain.stateOf(stream));
  });

  it('knows no stream that has no events', () => {
    for (const stream of ['voucher-00000000-0000-8000-8000-000000000000', 'voucher-', 'nothing-1', ''])
      expect(new LogReplay().stateOf(stream)).toBeUndefined();
  });

  it.each<[string, Partial<LeafContent>]>([
    ['a type that nobody knows', { type: 'VoucherRedeemed2' }],
    ['a type that is a property of every object', { type: 'toString' }],
    ['a stream of another category', { stream: 'fund-00000000-0000-8000-8000-000000000000' }],
    ['a version that comes too soon', { version: 2 }],
    ['a version that was there', { stream: 'ledger-main' }],
  ])('refuses a leaf with %s, and takes in nothing of it', (_, change) => {
    const replay = replayOf(leaves.slice(0, 1));
    const root = replay.root();
    expect(() => replay.take(changed(leaves[1], change))).toThrow(ReplayFault);
    expect([replay.size, replay.streams, replay.root()]).toEqual([1, 1, root]);
    replay.take(leaves[1] as Uint8Array);
    expect(replay.root()).toEqual(replayOf(leaves.slice(0, 2)).root());
  });

  it('refuses bytes that are no leaf, a leaf twice and one out of order', () => {
    const replay = replayOf(leaves.slice(0, 3));
    expect(() => replay.take(new Uint8Array(10))).toThrow(MalformedInput);
    expect(() => replay.take(leaves[2] as Uint8Array)).toThrow(
      'The leaf at index 3 is not the next one of its stream.',
    );
    expect(replay.size).toBe(3);
  });
});
