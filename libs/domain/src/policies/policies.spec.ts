import { describe, expect, it } from '@jest/globals';
import { fundEventExamples } from '../fund/fund.examples.js';
import { exampleBase64, exampleUuid } from '../kernel/examples.js';
import { commandTable, eventTable } from '../schema/tables.js';
import { voucherEventExamples } from '../voucher/voucher.examples.js';
import { reactToBatchApproval, reactToFundingRefusal } from './batch-funding.js';
import { reactToDay } from './expiry.js';
import { policyTriggers } from './index.js';
import { reactToBatchFunding, reactToIssuance } from './issuance.js';
import { chunkReturns, reactToEndings, type Ending } from './returns.js';
import { reactToTransfer } from './transfer.js';

const recorded = <E>(event: E, position = 5) => ({ ...event, id: exampleUuid(position), position, day: '2026-11-02' });
const fund = exampleUuid(0x101);
const batch = exampleUuid(0x112);
const campaign = exampleUuid(0x111);

describe('a transfer', () => {
  it('is received by its fund, part by part', () => {
    const cause = recorded(fundEventExamples.TransferSent({ part: 2, parts: 3 }));
    const { officer: _officer, ...sent } = cause.data;
    expect(reactToTransfer(cause, fund)).toStrictEqual([
      {
        index: 0,
        stream: `fund-${sent.toFund}`,
        command: {
          type: 'ReceiveTransfer',
          data: {
            fund: sent.toFund,
            fromFund: fund,
            transfer: sent.transfer,
            amountMinor: sent.amountMinor,
            segments: sent.segments,
            part: 2,
            parts: 3,
          },
        },
      },
    ]);
  });
});

describe('an approved batch', () => {
  const terms = { campaign, fund, count: 5, faceMinor: 1_000, totalMinor: 5_000, rosterRoot: exampleBase64(1) };
  const approved = (approval: number) =>
    recorded({ type: 'BatchApproved' as const, data: { ...terms, officer: 'finance-li', approval, approvals: 2 } });

  it('is funded after its last approval only', () => {
    const at = { batch, fundingMode: 'prepaid' as const };
    expect(reactToBatchApproval(approved(1), at)).toStrictEqual([]);
    expect(reactToBatchApproval(approved(2), at)).toStrictEqual([
      {
        index: 0,
        stream: `fund-${fund}`,
        command: { type: 'FundBatch', data: { fund, batch, campaign, totalMinor: 5_000, fundingMode: 'prepaid' } },
      },
    ]);
  });

  it('learns of a refusal under the very id that the funding would have had', () => {
    const [refusal] = reactToFundingRefusal(approved(2), { batch, refusal: 'insufficient_funds' });
    expect(refusal).toStrictEqual({
      index: 0,
      stream: `batch-${batch}`,
      command: {
        type: 'RefuseBatchFunding',
        data: { batch, fund, totalMinor: 5_000, refusal: 'insufficient_funds' },
      },
    });
  });
});

describe('a funded batch', () => {
  const row = { number: 3, voucher: exampleUuid(0x301), commitment: exampleBase64(4) };
  const household = { group: 'flood', community: '幸福里', partner: exampleUuid(0x11a) };
  const chunk = (part: number) => ({
    cause: recorded(fundEventExamples.BatchFunded({ part, parts: 2 })),
    fund,
    count: 5,
    faceMinor: 1_000,
    rows: [{ ...row, ...household }],
  });

  it('is issued after the last part, each voucher under its number, and then completed', () => {
    expect(reactToBatchFunding(chunk(1))).toStrictEqual([]);
    expect(reactToIssuance(chunk(1))).toStrictEqual([]);
    expect(reactToBatchFunding(chunk(2))).toStrictEqual([
      {
        index: 3,
        stream: `voucher-${row.voucher}`,
        command: {
          type: 'IssueVoucher',
          data: { ...row, batch, campaign, fund, faceMinor: 1_000 },
          private: household,
        },
      },
    ]);
    expect(reactToIssuance(chunk(2))).toStrictEqual([
      {
        index: 5,
        stream: `batch-${batch}`,
        command: { type: 'CompleteBatch', data: { batch, count: 5, totalMinor: 5_000 } },
      },
    ]);
  });
});

describe('a day', () => {
  const chunk = (day: string) => ({
    cause: recorded({ type: 'DayStarted' as const, data: { day } }),
    base: 100,
    lastDay: '2026-11-30',
    vouchers: [{ number: 7, voucher: exampleUuid(0x301) }],
  });

  it('expires vouchers whose last day has passed, not on that day', () => {
    expect(reactToDay(chunk('2026-11-30'))).toStrictEqual([]);
    expect(reactToDay(chunk('2026-12-01'))).toStrictEqual([
      {
        index: 107,
        stream: `voucher-${exampleUuid(0x301)}`,
        command: { type: 'ExpireVoucher', data: { voucher: exampleUuid(0x301) } },
      },
    ]);
  });
});

describe('returns', () => {
  const pieces = (count: number): [number, number][] => Array.from({ length: count }, (_, i) => [i * 2, 1]);
  const expired = (number: number, segments: [number, number][], position = 10 + number) => ({
    number,
    event: recorded(
      voucherEventExamples.VoucherExpired({ amountMinor: segments.length, segments }),
      position,
    ) as Ending,
  });
  const sizes = (chunks: readonly (readonly Ending[])[]) =>
    chunks.map((chunk) => chunk.reduce((sum, { data }) => sum + data.segments.length, 0));

  it('fill chunks of at most 500 segments, in order of number whatever the order given', () => {
    const run = [expired(2, pieces(200)), expired(0, pieces(300)), expired(1, pieces(200)), expired(3, pieces(101))];
    expect(sizes(chunkReturns(run))).toStrictEqual([500, 301]);
    expect(chunkReturns([...run].reverse())).toStrictEqual(chunkReturns(run));
    expect(sizes(chunkReturns([expired(0, pieces(1)), expired(1, pieces(500))]))).toStrictEqual([1, 500]);
  });

  it('leave out what gives nothing back', () => {
    const toVoucher = recorded(voucherEventExamples.RedemptionReversed({ to: 'voucher' })) as Ending;
    const owed = recorded(voucherEventExamples.RedemptionReversed({ to: 'recoverable' })) as Ending;
    const empty = recorded(voucherEventExamples.VoucherCancelled({ amountMinor: 0, segments: [] })) as Ending;
    expect(chunkReturns([toVoucher, owed, empty].map((event) => ({ number: 0, event })))).toStrictEqual([]);
  });

  it('bring the segments of a chunk home at once', () => {
    const [chunk] = chunkReturns([expired(1, [[1_500, 500]]), expired(0, [[300, 200]])]);
    const { fund: home, batch: of } = voucherEventExamples.VoucherExpired().data;
    expect(reactToEndings(chunk ?? [])).toStrictEqual([
      {
        index: 0,
        stream: `fund-${home}`,
        command: {
          type: 'ReturnFunds',
          data: {
            fund: home,
            batch: of,
            segments: [
              [300, 200],
              [1_500, 500],
            ],
          },
        },
      },
    ]);
  });
});

describe('the table of triggers', () => {
  it('names events and policy commands that exist', () => {
    const events: Readonly<Record<string, unknown>> = eventTable;
    const commands: Readonly<Record<string, { readonly signatures: string }>> = commandTable;
    for (const [trigger, { effects, events: results }] of Object.entries(policyTriggers)) {
      for (const event of [trigger, ...results]) expect(events).toHaveProperty(event);
      for (const effect of effects) expect(commands[effect]?.signatures).toBe('policy');
    }
  });

  it('covers every policy command', () => {
    const policyCommands = Object.entries(commandTable).flatMap(([type, { signatures }]) =>
      signatures === 'policy' ? [type] : [],
    );
    const caused = new Set<string>(Object.values(policyTriggers).flatMap(({ effects }) => effects));
    expect([...caused].sort()).toStrictEqual(policyCommands.sort());
  });
});
