import { beforeAll, describe, expect, it } from '@jest/globals';
import { base64Encode, parseLeafOrThrow, utf8Encode } from '@aidtrail/envelope';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { reserveRefund } from '@aidtrail/testing/refunds';
import { give, openRelief } from '@aidtrail/testing/relief';
import { auditOf } from '../audit/audit-of.testing.js';
import { Forger, logOf, type ReadLog } from '@aidtrail/testing/forging';
import type { Finding } from '../findings/finding.js';
import { FACT_WINDOW_LEAVES } from './fact-window.js';
import { Lines } from '@aidtrail/testing/forged-lines';
import { ownFindings } from './own-findings.testing.js';
import { ruleFindings, type RuleFindingCode } from './rule-findings.js';
import { openStage, type Stage } from '@aidtrail/testing/forging-stage';

/** One thing that is wrong with a log that is otherwise what the ledger wrote. */
interface Case {
  readonly what: string;
  /** Appends to the log, or makes another one of it. */
  readonly forge: (f: Forger, lines: Lines) => Promise<ReadLog | void> | ReadLog | void;
  /** What the one finding says; of the last leaf, unless it says another. */
  readonly says: (lines: Lines) => Omit<Finding, 'code'>;
  readonly options?: { readonly disclosed?: boolean };
}

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});

const DISCLOSED = { disclosed: true };
const NO_HASH = base64Encode(new Uint8Array(32));

const cases: Record<RuleFindingCode, Case> = {
  leaf_malformed: {
    what: 'a leaf with a space in it',
    forge: (f) => {
      const text = new TextDecoder().decode(f.leaves.pop());
      f.put(utf8Encode(text.replace('"v":1', '"v": 1')));
    },
    says: () => ({ actual: 'not_canonical' }),
  },
  event_malformed: {
    what: 'a field that the table does not have',
    forge: async (f, { correction, corrected, finance }) => {
      await f.act(correction, [finance], { ...corrected, data: { ...corrected.data, phone: '13800000000' } });
    },
    says: ({ corrected }) => ({
      subject: corrected.stream,
      expected: 'data: no other fields than those of the table',
    }),
  },
  command_malformed: {
    what: 'a command that no ledger takes',
    forge: async (f, { correction, corrected, finance }) => {
      await f.act({ ...correction, data: { ...correction.data, more: 1 } }, [finance], corrected);
    },
    says: ({ corrected }) => ({
      subject: corrected.stream,
      expected: 'data: no other fields than those of the table',
    }),
  },
  wrong_log: {
    what: 'a command that was signed for another ledger',
    forge: async (f, { correction, corrected, finance }) => {
      await f.act({ ...correction, log: 'ledger.example/other' }, [finance], corrected);
    },
    says: () => ({ actual: 'ledger.example/other' }),
  },
  wrong_stream: {
    what: 'a redemption of one voucher in the stream of another',
    forge: async (f, { redeem, redeemed, signers }) => {
      await f.act(redeem(100), signers, { ...redeemed(100), stream: `voucher-${stage.unclaimed}` });
    },
    says: () => ({ subject: `voucher-${stage.unclaimed}` }),
  },
  version_not_next: {
    what: 'a version left out',
    forge: async (f, { redeem, redeemed, signers }) => {
      await f.act(redeem(100), signers, { ...redeemed(100), version: 5 });
    },
    says: ({ voucher }) => ({ subject: voucher, expected: 4, actual: 5 }),
  },
  id_used: {
    what: 'an effect under the id of an earlier event',
    forge: (f, { issued }) => {
      f.append({ ...issued, command: { ref: stage.spent }, id: stage.spent });
    },
    says: () => ({ subject: stage.spent }),
  },
  id_not_derived: {
    what: 'an event under an id of the operator’s choice',
    forge: async (f, { redeem, redeemed, signers }) => {
      await f.act(redeem(100), signers, { ...redeemed(100), id: stage.batch });
    },
    says: () => ({ expected: expect.any(String) as never, actual: stage.batch }),
  },
  command_repeated: {
    what: 'a signed command used twice',
    forge: async (f, { correction, corrected, finance }) => {
      const command = await stage.h.sign({ ...correction, id: REPEATED }, [finance]);
      for (let times = 0; times < 2; times += 1) f.append({ ...corrected, command, facts: [`key-${finance.keyId}`] });
    },
    says: () => ({ subject: REPEATED }),
  },
  command_missing: {
    what: 'a redemption that nobody signed',
    forge: (f, { redeemed }) => {
      f.append({ ...redeemed(100), command: { ref: stage.spent } });
    },
    says: ({ voucher }) => ({ subject: voucher }),
  },
  day_wrong: {
    what: 'a day that is over',
    forge: async (f, { redeem, redeemed, signers }) => {
      await f.act(redeem(100), signers, { ...redeemed(100), day: '2026-06-03' });
    },
    says: () => ({ expected: '2026-06-04', actual: '2026-06-03' }),
  },
  opening_misplaced: {
    what: 'a log that does not begin with its opening',
    forge: (f) => ({ ...f.log, leaves: f.leaves.slice(1, 2), disclosures: [] }),
    says: () => ({ actual: 'KeyEnrolled' }),
  },
  event_key_wrong: {
    what: 'a leaf that somebody else signed',
    forge: async (f, { redeem, redeemed, signers }) => {
      await f.act(redeem(100), signers, { ...redeemed(100), signer: signers[0] });
    },
    says: ({ signers }) => ({ expected: stage.h.eventSigner.keyId, actual: signers[0].keyId }),
  },
  not_entitled: {
    what: 'a redemption at a revoked till',
    forge: async (f, { redeem, redeemed }) => {
      await f.act(redeem(100), [stage.lostTill, stage.holder], redeemed(100));
    },
    says: ({ voucher }) => ({ subject: voucher, expected: 'key_revoked' }),
  },
  fact_missing: {
    what: 'a redemption that does not say on which goods policy it rests',
    forge: async (f, { redeem, redeemed, signers, campaign }) => {
      await f.act(redeem(100), signers, { ...redeemed(100), facts: [campaign] });
    },
    says: ({ programme }) => ({ subject: programme }),
  },
  fact_needless: {
    what: 'a redemption that rests on a fund as well',
    forge: async (f, { redeem, redeemed, signers, campaign, programme, fund }) => {
      await f.act(redeem(100), signers, { ...redeemed(100), facts: [campaign, programme, fund] });
    },
    says: ({ fund }) => ({ subject: fund, actual: 3 }),
  },
  fact_unknown: {
    what: 'a campaign in a version that is yet to come',
    forge: (f, lines) => lines.redeemAtVersion(f, lines.campaign, 2),
    says: ({ campaign }) => ({ subject: campaign, actual: 2 }),
  },
  stale_fact: {
    what: 'a campaign as it was 10,001 leaves before; 10,000 leaves before it would pass',
    forge: (f, lines) => lines.redeemLongAfterExtension(f, FACT_WINDOW_LEAVES),
    says: ({ campaign }) => ({ subject: campaign, actual: 1 }),
  },
  anchor_ahead: {
    what: 'a checkpoint of a larger log',
    forge: async (f, { redeem, redeemed, signers }) => {
      const anchor = { size: f.leaves.length + 1, root: NO_HASH };
      await f.act({ ...redeem(100), anchor }, signers, redeemed(100));
    },
    says: () => ({ expected: expect.any(Number) as never, actual: expect.any(Number) as never }),
  },
  anchor_stale: {
    what: 'a command that is signed today and passes for one of the day before yesterday',
    forge: async (f, { redeem, redeemed, signers }) => {
      await f.act({ ...redeem(100), anchor: stage.oldAnchor }, signers, redeemed(100));
    },
    says: () => ({ expected: expect.any(Number) as never, actual: stage.oldAnchor.size }),
  },
  rule_broken: {
    what: 'more than the voucher holds',
    forge: async (f, { redeem, redeemed, signers }) => {
      await f.act(redeem(3_801), signers, redeemed(3_801));
    },
    says: ({ voucher }) => ({ subject: voucher, expected: 'insufficient_balance' }),
  },
  event_differs: {
    what: 'other fen than the leftmost',
    forge: async (f, { redeem, redeemed, signers }) => {
      const { data, ...event } = redeemed(100);
      await f.act(redeem(100), signers, { ...event, data: { ...data, segments: [[1_300, 100]] } });
    },
    says: ({ voucher }) => ({ subject: voucher, actual: 'data.segments.0.0' }),
  },
  events_missing: {
    what: 'half of a transfer',
    forge: async () => {
      const { log, firstPart } = await transferInTwoParts();
      return { ...log, leaves: log.leaves.slice(0, firstPart + 1) };
    },
    says: () => ({
      leaf: expect.any(Number) as never,
      subject: expect.stringMatching(/^fund-/) as never,
      expected: 2,
      actual: 1,
    }),
  },
  disclosure_mismatch: {
    what: 'disclosures of another leaf',
    forge: async (f, { redeem, redeemed, signers }) => {
      await f.act(redeem(100), signers, redeemed(100));
      const other = f.disclosures.find((one) => one.length > 0) ?? [];
      return { ...f.log, disclosures: [...f.disclosures.slice(0, -1), other] };
    },
    options: DISCLOSED,
    says: ({ voucher }) => ({ subject: voucher }),
  },
  disclosure_malformed: {
    what: 'a hidden field of another type',
    forge: async (f, { redeem, redeemed, signers }) => {
      const event = redeemed(100);
      await f.act(redeem(100), signers, { ...event, private: { ...event.private, policyVersion: 'one' } });
    },
    options: DISCLOSED,
    says: ({ voucher }) => ({ subject: voucher, expected: 'private.policyVersion: count, ≥ 1' }),
  },
  disclosure_differs: {
    what: 'a verdict on the basket that the policy does not give',
    forge: async (f, { redeem, redeemed, signers }) => {
      const verdicts = [{ line: 0, verdict: 'allowed', rule: 'tobacco' }];
      const event = redeemed(100);
      await f.act(redeem(100), signers, { ...event, private: { ...event.private, verdicts } });
    },
    options: DISCLOSED,
    says: ({ voucher }) => ({ subject: voucher, actual: 'private.verdicts' }),
  },
};

const REPEATED = '5b3a0d5e-6a53-4a0e-9d6b-3b1f0c6a7d11';

describe('a forged leaf, which the ledger itself has signed', () => {
  it('passes if there is nothing wrong with it, so that what follows is found for its own sake', async () => {
    const forger = await Forger.at(stage.h);
    const { correction, corrected, finance, redeem, redeemed, signers } = new Lines(stage);
    await forger.act(redeem(100), signers, redeemed(100));
    await forger.act(correction, [finance], corrected);
    for (const disclosed of [false, true]) {
      const { findings, forged } = auditOf(forger.log, { disclosed });
      expect(findings).toStrictEqual([]);
      expect(forged).toStrictEqual([]);
    }
  });

  it.each(Object.entries(cases))('%s', async (code, { forge, says, options }) => {
    const forger = await Forger.at(stage.h);
    const lines = new Lines(stage);
    const log = (await forge(forger, lines)) ?? forger.log;
    const { findings, forged } = auditOf(log, options);
    expect(ownFindings(findings)).toStrictEqual([{ code, leaf: log.leaves.length - 1, ...says(lines) }]);
    expect(forged).toStrictEqual([]);
  });

  it('has a case for every finding', () => {
    expect(Object.keys(cases).sort()).toStrictEqual(Object.keys(ruleFindings).sort());
  });
});

describe('a transfer in two parts', () => {
  it('passes, and its second part must be there, as it was decided, in the next leaf', async () => {
    const { log, firstPart } = await transferInTwoParts();
    expect(auditOf(log).findings).toStrictEqual([]);
    const { leaf, ...others } = {
      leaf: firstPart + 1,
      subject: parseLeafOrThrow(log.leaves[firstPart] as Uint8Array).stream,
    };
    const without = log.leaves.filter((_, index) => index !== leaf);
    const [found] = ownFindings(auditOf({ ...log, leaves: without }).findings);
    expect(found).toStrictEqual({ code: 'events_missing', leaf, ...others, expected: 2, actual: 1 });
  });
});

/** Money that lies in 501 pieces, as every second fen of its beginning is set aside for a refund, leaves at once. */
async function transferInTwoParts(): Promise<{ readonly log: ReadLog; readonly firstPart: number }> {
  const h = await createLedgerHarness();
  const relief = await openRelief(h);
  const { finance1 } = relief.keys;
  await give(h, relief, [60_000]);
  const everySecond = Array.from({ length: 500 }, (_, i) => [2 * i + 1, 1] as const);
  await reserveRefund(h, relief, relief.generalFund, everySecond);
  const data = { fund: relief.generalFund, toFund: relief.campaignFund, amountMinor: 57_700 };
  await h.accept({ type: 'SendTransfer', data }, [finance1]);
  await h.ledger.settle();
  const log = await logOf(h);
  return { log, firstPart: log.leaves.findIndex((leaf) => parseLeafOrThrow(leaf).type === 'TransferSent') };
}
