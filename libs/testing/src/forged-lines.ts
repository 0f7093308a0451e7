import type { Signer } from '@aidtrail/envelope';
import type { TestCommand } from './ledger-harness.js';
import { redemption } from './relief-scenario.js';
import type { Forger, Forgery } from './forging.js';
import { FACE_MINOR, type Stage } from './forging-stage.js';

type Event = Omit<Forgery, 'command'>;

/** Commands on a stage, and the events that an honest ledger makes of them. */
export class Lines {
  readonly voucher: string;
  readonly campaign: string;
  readonly programme: string;
  readonly fund: string;
  readonly finance: Signer;
  /** Of a redemption. */
  readonly signers: readonly [till: Signer, holder: Signer];

  constructor(private readonly stage: Stage) {
    const { relief, holder } = stage;
    this.voucher = `voucher-${stage.voucher}`;
    this.campaign = `campaign-${relief.campaign}`;
    this.programme = `programme-${relief.programme}`;
    this.fund = `fund-${relief.campaignFund}`;
    this.finance = relief.keys.finance1;
    this.signers = [relief.keys.till, holder];
  }

  readonly redeem = (amountMinor: number): TestCommand =>
    redemption(this.stage.relief, this.stage.voucher, amountMinor);

  /** The voucher has 3,800 fen left, from 1,200 on. */
  readonly redeemed = (amountMinor: number): Event & { readonly private: object } => ({
    type: 'VoucherRedeemed',
    stream: this.voucher,
    data: {
      campaign: this.stage.relief.campaign,
      amountMinor,
      segments: [[1_200, amountMinor]],
      consent: 'holder',
      fundingMode: 'merchant-funded',
    },
    facts: [this.campaign, this.programme],
    private: {
      policyVersion: 1,
      verdicts: [{ line: 0, verdict: 'allowed', rule: 'staple' }],
      facts: [[`merchant-${this.stage.relief.merchant}`, 5]],
    },
  });

  get correction(): TestCommand {
    const { subject, noteZh, noteEn } = this.corrected.data as Readonly<Record<string, string>>;
    return { type: 'PublishCorrection', data: { period: '2026-06', subject, noteZh, noteEn } as never };
  }

  get corrected(): Event {
    const data = { subject: this.stage.relief.campaign, noteZh: '更正', noteEn: 'put right', officer: 'finance-1' };
    return { type: 'CorrectionPublished', stream: 'period-2026-06', data };
  }

  /** A voucher beyond those of the batch. */
  get issued(): Event {
    const { batch, relief } = this.stage;
    const data = {
      batch,
      campaign: relief.campaign,
      fund: relief.campaignFund,
      number: 4,
      commitment: NO_COMMITMENT,
      interval: [4 * FACE_MINOR, FACE_MINOR],
    };
    const hidden = { group: 'elderly', community: 'riverside', partner: batch };
    return { type: 'VoucherIssued', stream: `voucher-${relief.store}`, data, private: hidden };
  }

  /** A redemption that rests on one of its streams in another version than the present one. */
  readonly redeemAtVersion = async (f: Forger, stream: string, version: number): Promise<void> => {
    const others = [this.campaign, this.programme, `key-${this.signers[0].keyId}`].filter((one) => one !== stream);
    const exactFacts = [...f.now('calendar-main', ...others), [stream, version] as const];
    await f.act(this.redeem(100), this.signers, { ...this.redeemed(100), exactFacts });
  };

  /** Redemptions on the campaign as it was before an extension, so many leaves after that, and one leaf later. */
  readonly redeemLongAfterExtension = async (f: Forger, leaves: number): Promise<void> => {
    const { relief } = this.stage;
    const data = { campaign: relief.campaign, lastDay: '2026-07-09' };
    await f.act({ type: 'ExtendCampaign', data }, [relief.keys.programme1], {
      type: 'CampaignExtended',
      stream: this.campaign,
      data: { lastDay: '2026-07-09', officer: 'programme-1' },
    });
    this.gifts(f, leaves - 1);
    await this.redeemAtVersion(f, this.campaign, 1);
    await this.redeemAtVersion(f, this.campaign, 1);
  };

  /** So many leaves that cost little to forge. */
  gifts(f: Forger, count: number): void {
    for (let number = 1; number <= count; number += 1) f.append(this.gift(f.h.entropy.uuid(), number));
  }

  private gift(donation: string, number: number): Forgery {
    const data = { intake: this.stage.batch, fund: this.stage.relief.generalFund, number, commitment: NO_COMMITMENT };
    return { type: 'DonationReceived', stream: `donation-${donation}`, command: { ref: this.stage.spent }, data };
  }
}

const NO_COMMITMENT = `${'A'.repeat(43)}=`;
