import { beforeAll, describe, expect, it } from '@jest/globals';
import { concepts, type Category } from '@aidtrail/domain';
import { keyIdOf, type JsonObject, type Signer } from '@aidtrail/envelope';
import { hashOf } from '@aidtrail/testing/ledger';
import { auditOf } from '../audit/audit-of.testing.js';
import { Forger, type Forgery } from '@aidtrail/testing/forging';
import { Lines } from '@aidtrail/testing/forged-lines';
import { FACT_WINDOW_OF_OLD_DAYS } from './fact-window.js';
import { ownFindings } from './own-findings.testing.js';
import { openStage, type Stage } from '@aidtrail/testing/forging-stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});

/** A command that the ledger had to refuse, and the event that its operator made of it all the same. */
interface Broken {
  readonly what: string;
  readonly refusal: string;
  readonly command:
    { readonly type: string; readonly data: JsonObject; readonly by: readonly Signer[] } | { readonly ref: string };
  readonly event: Omit<Forgery, 'command'>;
}

/** At least one of each concept, and every rule that asks for two people. */
const broken: Record<Category, (s: Stage, lines: Lines) => readonly Broken[]> = {
  ledger: ({ h, spent }) => [
    {
      what: 'a root’s key for an officer whom nobody knows',
      refusal: 'root_officer_unknown',
      command: { type: 'RotateRootKey', data: { officer: 'root-9', publicKey: hashOf(spent) }, by: h.roots },
      event: {
        type: 'RootKeyRotated',
        stream: 'ledger-main',
        data: { officer: 'root-9', formerKey: hashOf('x'), publicKey: hashOf(spent) },
        facts: ['ledger-main', keyStream(hashOf(spent))],
      },
    },
  ],
  calendar: ({ relief }) => [
    {
      what: 'a day a second time',
      refusal: 'day_not_later',
      command: { type: 'StartDay', data: { day: '2026-06-04' }, by: [relief.keys.service] },
      event: { type: 'DayStarted', stream: 'calendar-main', data: { day: '2026-06-04' } },
    },
  ],
  key: ({ h, proposed }) => [
    {
      what: 'a key that its enroller approves',
      refusal: 'approver_is_enroller',
      command: { type: 'ApproveKey', data: { key: proposed.keyId }, by: [h.roots[0]] },
      event: {
        type: 'KeyApproved',
        stream: `key-${proposed.keyId}`,
        data: { approver: 'root-1' },
        facts: ['ledger-main'],
      },
    },
  ],
  programme: ({ relief }) => [
    {
      what: 'a programme opened twice',
      refusal: 'programme_exists',
      command: {
        type: 'OpenProgramme',
        data: { programme: relief.programme, name: 'Relief', approvalTiers: [{ approvals: 1 }] },
        by: [relief.keys.programme1],
      },
      event: {
        type: 'ProgrammeOpened',
        stream: `programme-${relief.programme}`,
        data: { name: 'Relief', approvalTiers: [{ approvals: 1 }], officer: 'programme-1' },
      },
    },
  ],
  fund: ({ relief }) => [
    {
      what: 'a transfer of money that is not there',
      refusal: 'insufficient_funds',
      command: {
        type: 'SendTransfer',
        data: { fund: relief.generalFund, toFund: relief.campaignFund, amountMinor: 1 },
        by: [relief.keys.finance1],
      },
      event: {
        type: 'TransferSent',
        stream: `fund-${relief.generalFund}`,
        data: {
          ...{ transfer: relief.campaign, toFund: relief.campaignFund, amountMinor: 1, segments: [[0, 1]] },
          ...{ part: 1, parts: 1, officer: 'finance-1' },
        },
        facts: [`fund-${relief.campaignFund}`],
      },
    },
    {
      what: 'a return of more than the fund has committed',
      refusal: 'more_than_committed',
      command: { ref: stage.spent },
      event: {
        type: 'FundsReturned',
        stream: `fund-${relief.campaignFund}`,
        data: {
          ...{ batch: stage.batch, amountMinor: 90_000, segments: [[0, 90_000]], interval: [58_200, 90_000] },
          fundingMode: 'merchant-funded',
        },
      },
    },
  ],
  donation: ({ relief }) => [
    {
      what: 'a receipt for a gift that nobody gave',
      refusal: 'donation_unknown',
      command: { type: 'IssueDonationReceipt', data: { donation: relief.store }, by: [relief.keys.finance1] },
      event: { type: 'DonationReceiptIssued', stream: `donation-${relief.store}`, data: { officer: 'finance-1' } },
    },
  ],
  campaign: ({ relief }, { campaign }) => [
    {
      what: 'a campaign that ends earlier',
      refusal: 'last_day_not_later',
      command: {
        type: 'ExtendCampaign',
        data: { campaign: relief.campaign, lastDay: '2026-06-29' },
        by: [relief.keys.programme1],
      },
      event: { type: 'CampaignExtended', stream: campaign, data: { lastDay: '2026-06-29', officer: 'programme-1' } },
    },
  ],
  batch: ({ relief, draft, batch }, { campaign, programme }) => [
    {
      what: 'a batch that its maker approves',
      refusal: 'maker_is_checker',
      command: { type: 'ApproveBatch', data: { batch: draft.batch, ...draft.terms }, by: [relief.keys.programme1] },
      event: {
        type: 'BatchApproved',
        stream: `batch-${draft.batch}`,
        data: { ...draft.terms, officer: 'programme-1', approval: 1, approvals: 1 },
        facts: [campaign, programme],
      },
    },
    {
      what: 'a batch that is completed twice',
      refusal: 'already_done',
      command: { ref: stage.spent },
      event: { type: 'BatchCompleted', stream: `batch-${batch}`, data: { count: 4, totalMinor: 20_000 } },
    },
  ],
  voucher: ({ relief, unclaimed, voucher, batch }, { campaign, redeemed }) => [
    {
      what: 'a redemption of a voucher that nobody has claimed',
      refusal: 'voucher_not_claimed',
      command: {
        type: 'RedeemVoucher',
        data: { voucher: unclaimed, amountMinor: 100, consent: 'assisted' },
        by: [relief.keys.till, relief.keys.worker],
      },
      event: { ...redeemed(100), stream: `voucher-${unclaimed}` },
    },
    {
      what: 'an expiry before the last day is over',
      refusal: 'voucher_not_over',
      command: { ref: stage.spent },
      event: {
        type: 'VoucherExpired',
        stream: `voucher-${voucher}`,
        data: { batch, fund: relief.campaignFund, amountMinor: 3_800, segments: [[1_200, 3_800]] },
        facts: [campaign],
      },
    },
  ],
  merchant: ({ relief }) => [
    {
      what: 'a store with the id of another',
      refusal: 'store_exists',
      command: {
        type: 'OpenStore',
        data: { ...SECOND_STORE, merchant: relief.merchant, store: relief.store },
        by: [relief.keys.registrar],
      },
      event: {
        type: 'StoreOpened',
        stream: `merchant-${relief.merchant}`,
        data: { ...SECOND_STORE, store: relief.store },
      },
    },
  ],
  cutoff: ({ relief, oldAnchor }) => [
    {
      what: 'a cut-off before the one before it',
      refusal: 'cutoff_not_later',
      command: { type: 'SetCutoff', data: { to: oldAnchor.size }, by: [relief.keys.service] },
      event: { type: 'CutoffSet', stream: 'cutoff-main', data: { number: 2, from: 20, to: oldAnchor.size } },
    },
    {
      what: 'a cut-off beyond the log',
      refusal: 'beyond_checkpoint',
      command: { type: 'SetCutoff', data: { to: 1_000 }, by: [relief.keys.service] },
      event: { type: 'CutoffSet', stream: 'cutoff-main', data: { number: 2, from: 20, to: 1_000 } },
    },
  ],
  settlement: ({ relief, settlement }) => [
    {
      what: 'an approval of what nobody has prepared',
      refusal: 'not_prepared',
      command: { type: 'ApproveSettlement', data: { settlement, netMinor: 1_200 }, by: [relief.keys.finance1] },
      event: {
        type: 'SettlementApproved',
        stream: `settlement-${settlement}`,
        data: { netMinor: 1_200, officer: 'finance-1', payableFrom: '2026-06-05' },
      },
    },
  ],
  period: ({ relief }) => [
    {
      what: 'a month that is not over',
      refusal: 'period_not_over',
      command: {
        type: 'ClosePeriod',
        data: { period: '2026-06', upTo: 1, balancesDigest: hashOf('balances') },
        by: [relief.keys.finance1, relief.keys.finance2],
      },
      event: {
        type: 'PeriodClosed',
        stream: 'period-2026-06',
        data: { upTo: 1, balancesDigest: hashOf('balances'), officer: 'finance-1', secondOfficer: 'finance-2' },
      },
    },
  ],
  figures: ({ relief }) => [
    {
      what: 'figures that were never cut',
      refusal: 'figures_not_cut',
      command: {
        type: 'PublishFigures',
        data: { cut: 7, digest: hashOf('figures') },
        by: [relief.keys.service],
      },
      event: { type: 'FiguresPublished', stream: 'figures-main', data: { cut: 7, digest: hashOf('figures') } },
    },
  ],
};

const SECOND_STORE = { name: 'Corner', kind: 'shop', region: '522632' };

describe('an event that its own stream had to refuse', () => {
  it.each(Object.keys(concepts) as Category[])('shows, of a %s', async (category) => {
    const lines = new Lines(stage);
    for (const { what, refusal, command, event } of broken[category](stage, lines)) {
      const forger = await Forger.at(stage.h);
      if ('ref' in command) forger.append({ ...event, command });
      else await forger.act({ type: command.type, data: command.data, private: {} }, command.by, event);
      const { findings, forged } = auditOf(forger.log);
      const leaf = forger.leaves.length - 1;
      expect({ what, found: ownFindings(findings), forged }).toStrictEqual({
        what,
        found: [{ code: 'rule_broken', leaf, subject: event.stream, expected: refusal }],
        forged: [],
      });
    }
  });

  it('shows by a maker who checks his own settlement, and by one officer in two places', async () => {
    const { forger, stream } = await preparedSettlement();
    expect(ownFindings(auditOf(forger.log).findings)).toStrictEqual([]);
    await approveAs('finance-1', forger);
    const leaf = forger.leaves.length - 1;
    expect(ownFindings(auditOf(forger.log).findings)).toStrictEqual([
      { code: 'rule_broken', leaf, subject: stream, expected: 'maker_is_checker' },
    ]);
  });

  it.each([
    ['the present day', '2026-06-04', []],
    ['a day that has not begun', '2026-06-05', ['bank_day_ahead']],
  ])('shows by a payment that the bank made on %s', async (_what, bankDay, refusals) => {
    const { settlement, relief } = stage;
    const { forger, stream, figures } = await preparedSettlement();
    await approveAs('finance-2', forger);
    const instructed = { netMinor: 1_200, officer: 'finance-1' };
    await forger.act({ type: 'InstructPayment', data: { settlement } }, [relief.keys.finance1], {
      ...{ type: 'PaymentInstructed', stream, data: instructed },
    });
    const paid = { netMinor: 1_200, carriedOutMinor: 0, recoveredMinor: 0, bankDay, officer: 'finance-1' };
    await forger.act(
      { type: 'RecordPayment', data: { settlement, netMinor: 1_200, bankDay } },
      [relief.keys.finance1],
      {
        ...{ type: 'SettlementPaid', stream, data: { ...figures, ...paid } },
      },
    );
    const leaf = forger.leaves.length - 1;
    const expected = refusals.map((refusal) => ({ code: 'rule_broken', leaf, subject: stream, expected: refusal }));
    expect(ownFindings(auditOf(forger.log).findings)).toStrictEqual(expected);
  });

  it('shows by a stream whose id, which nobody else could derive, is none', async () => {
    const forger = await Forger.at(stage.h);
    const stream = 'voucher-zhang-san';
    forger.append({ ...new Lines(stage).issued, stream, command: { ref: stage.spent } });
    const leaf = forger.leaves.length - 1;
    expect(ownFindings(auditOf(forger.log).findings)).toStrictEqual([{ code: 'wrong_stream', leaf, subject: stream }]);
  });

  it.each([
    ['of yesterday', 2, '2026-06-03', FACT_WINDOW_OF_OLD_DAYS + 1, []],
    ['of the day before, which ended a moment ago', 1, '2026-06-02', 0, []],
    ['of the day before', 1, '2026-06-02', FACT_WINDOW_OF_OLD_DAYS + 1, ['stale_fact']],
  ])('shows by a redemption dated back to the calendar %s', async (_what, version, day, leaves, codes) => {
    const lines = new Lines(stage);
    const { campaign, programme, redeem, redeemed, signers } = lines;
    const forger = await Forger.at(stage.h);
    lines.gifts(forger, leaves);
    const leaf = forger.leaves.length;
    const present = forger.now(campaign, programme, `key-${signers[0].keyId}`);
    const exactFacts = [...present, ['calendar-main', version] as const];
    await forger.act(redeem(100), signers, { ...redeemed(100), day, exactFacts });
    const found = ownFindings(auditOf(forger.log).findings).filter((one) => one.leaf === leaf);
    expect(found.map(({ code }) => code)).toStrictEqual(codes);
  });

  it('shows by a voucher more than the batch was funded for', async () => {
    const forger = await Forger.at(stage.h);
    forger.append({ ...new Lines(stage).issued, command: { ref: stage.spent } });
    expect(auditOf(forger.log).findings.map(({ code }) => code)).toContain('batch_over_issued');
  });
});

/** The settlement of the stage, prepared by the first officer of finance. */
async function preparedSettlement() {
  const { relief, settlement } = stage;
  const forger = await Forger.at(stage.h);
  const figures = {
    ...{ cutoff: 1, fundingMode: 'merchant-funded', count: 1, grossMinor: 1_200, reversalsMinor: 0 },
    ...{ recoverableMinor: 0, window: windowOf(forger) },
  };
  const adjusted = {
    ...{ withheldMinor: 0, releasedMinor: 0, carriedInMinor: 0, carriedOutMinor: 0, recoveredMinor: 0 },
    ...{ netMinor: 1_200, withheldBalanceMinor: 0, recoverableBalanceMinor: 0 },
  };
  const stream = `settlement-${settlement}`;
  const prepare = { type: 'PrepareSettlement', data: { settlement, withheldMinor: 0, releasedMinor: 0 } };
  await forger.act(prepare, [relief.keys.finance1], {
    type: 'SettlementPrepared',
    stream,
    data: { ...figures, ...adjusted, officer: 'finance-1' },
  });
  return { forger, stream, figures };
}

async function approveAs(officer: 'finance-1' | 'finance-2', forger: Forger): Promise<void> {
  const { relief, settlement } = stage;
  const signer = officer === 'finance-1' ? relief.keys.finance1 : relief.keys.finance2;
  await forger.act({ type: 'ApproveSettlement', data: { settlement, netMinor: 1_200 } }, [signer], {
    type: 'SettlementApproved',
    stream: `settlement-${settlement}`,
    data: { netMinor: 1_200, officer, payableFrom: '2026-06-04' },
  });
}

function windowOf({ log }: Forger): number[] {
  const text = log.leaves
    .map((leaf) => new TextDecoder().decode(leaf))
    .find((one) => one.includes('"SettlementProposed"'));
  return (JSON.parse(text ?? '{}') as { data: { window: number[] } }).data.window;
}

function keyStream(publicKey: string): string {
  return `key-${keyIdOf(Buffer.from(publicKey, 'base64'))}`;
}
