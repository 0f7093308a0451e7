import {
  createLedgerHarness,
  hashOf,
  newSigner,
  publicKeyOf,
  type HarnessInternals,
  type LedgerHarness,
} from './ledger-harness.js';
import { leavesOfType } from './ledger-reading.js';
import { publishFigures } from './relief-figures.js';
import { reserveRefund } from './relief-refunds.js';
import {
  claim,
  draftBatch,
  give,
  issueBatch,
  openRelief,
  redemption,
  transfer,
  type ReliefScenario,
} from './relief-scenario.js';
import { approveSettlement, cutOff, paySettlement, startDay } from './relief-settling.js';

/** A ledger that has lived through everything that there are events for. */
export interface WholeLife {
  /** The process that came last: it signs with the ledger's second event key. */
  readonly h: LedgerHarness & HarnessInternals;
  readonly relief: ReliefScenario;
}

/**
 * One campaign from the opening of its ledger to the end of its programme, with every type of event in it, and nothing
 * under way at the end. For whoever reads logs: what is not in here, no spec has ever read.
 */
export async function liveWholeLife(): Promise<WholeLife> {
  const first = await createLedgerHarness({ rowsAtATime: 3 });
  const relief = await openRelief(first);
  await receiveGifts(first, relief);
  await spendVouchers(first, relief);
  await settleWithTrouble(first, relief);
  const h = await changeKeys(first);
  await settleDebts(h, relief);
  await endCampaign(h, relief);
  await endMerchantAndProgramme(h, relief);
  return { h, relief };
}

async function receiveGifts(h: LedgerHarness, relief: ReliefScenario): Promise<void> {
  const { finance1, finance2 } = relief.keys;
  await give(h, relief, [30_000]);
  const released = await reserveRefund(h, relief, relief.generalFund);
  await h.accept(released.withdraw, [finance1]);
  await h.accept(released.release, [finance1]);
  const paid = await reserveRefund(h, relief, relief.generalFund);
  await h.accept(paid.pay, [finance1, finance2]);
  await give(h, relief, [100_000, 777, 1, 45_678]);
  const [gift] = await leavesOfType(h.store, 'DonationReceived');
  const donation = gift?.leaf.stream.slice('donation-'.length) ?? '';
  await h.accept({ type: 'IssueDonationReceipt', data: { donation }, private: { receiptNumber: 'R-1' } }, [finance1]);
  const spending = { fund: relief.administrationFund, amountMinor: 1_000, purpose: 'printing' };
  await h.accept(
    { type: 'SpendAdministration', data: spending, private: { payee: 'A printer', bankReference: 'B-2' } },
    [finance1, finance2],
  );
  await transfer(h, relief, 120_000);
}

/** Vouchers that are spent, reversed, reissued, cancelled, spent with a worker's help, and one of a batch that was too large. */
async function spendVouchers(h: LedgerHarness, relief: ReliefScenario): Promise<void> {
  const { till, finance1, programme1, registrar, worker, service } = relief.keys;
  await rejectBatch(h, relief);
  await draftBatch(h, relief, { count: 100, faceMinor: 10_000 });
  await h.ledger.settle();
  const { voucherIds } = await issueBatch(h, relief, { count: 8, faceMinor: 10_000 });
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = voucherIds;
  await startDay(h, relief, '2026-06-02');
  const holder = await claim(h, relief, first);
  const spent = await h.accept(redemption(relief, first, 1_200), [till, holder]);
  await h.accept(redemption(relief, first, 700), [till, holder]);
  await h.accept(reversal(first, spent, 200), [finance1]);
  await h.accept(redemption(relief, second, 10_000), [till, await claim(h, relief, second)]);
  await claim(h, relief, third);
  await h.accept({ type: 'ReissueVoucher', data: { voucher: third, reason: 'phone-lost' } }, [registrar]);
  const again = newSigner(h.entropy);
  const proxy = { time: '2026-06-02T03:04:05Z', proxyReference: h.entropy.uuid() };
  const claimed = { voucher: third, holder: publicKeyOf(again), channel: 'proxy' };
  await h.accept({ type: 'ClaimVoucher', data: claimed, private: proxy }, [service, again]);
  await h.accept({ type: 'CancelVoucher', data: { voucher: fourth, reason: 'moved-away' } }, [programme1]);
  await claim(h, relief, fifth);
  const assisted = redemption(relief, fifth, 2_500);
  await h.accept({ ...assisted, data: { ...assisted.data, consent: 'assisted' } }, [till, worker]);
  await h.ledger.settle();
}

async function rejectBatch(h: LedgerHarness, relief: ReliefScenario): Promise<void> {
  const batch = h.entropy.uuid();
  const { rosterRoot } = h.registers.prepareBatch(batch, 2);
  const { campaign, campaignFund: fund } = relief;
  const data = { batch, campaign, fund, count: 2, faceMinor: 500, totalMinor: 1_000, rosterRoot };
  const hidden = { partner: h.entropy.uuid(), communities: ['riverside'] };
  await h.accept({ type: 'DraftBatch', data, private: hidden }, [relief.keys.registrar]);
  await h.accept({ type: 'RejectBatch', data: { batch, reason: 'wrong-roster' } }, [relief.keys.programme1]);
}

/** A settlement that is disputed, held, declined by the bank, paid, sent back, paid again and reconciled. */
async function settleWithTrouble(h: LedgerHarness, relief: ReliefScenario): Promise<void> {
  const { finance1, finance2 } = relief.keys;
  const [settlement = ''] = await cutOff(h, relief);
  const of = (type: string, data: object = {}, hidden?: object) =>
    ({ type, data: { settlement, ...data }, ...(hidden && { private: hidden }) }) as never;
  const withheld = { withheldMinor: 300, releasedMinor: 0 };
  await h.accept(of('PrepareSettlement', withheld, { reason: 'open-questions' }), [finance1]);
  await h.accept(of('DisputeSettlement', { reason: 'wrong-count' }), [finance2]);
  await h.accept(of('PrepareSettlement', withheld, { reason: 'open-questions' }), [finance1]);
  await h.accept(of('HoldSettlement', { reason: 'looked-into' }), [finance1]);
  await h.accept(of('ReleaseSettlement', { reason: 'found-right' }), [finance2]);
  const netMinor = 13_900;
  await h.accept(of('ApproveSettlement', { netMinor }), [finance2]);
  for (const day of ['2026-06-03', '2026-06-04']) await startDay(h, relief, day);
  await h.accept(of('InstructPayment', {}, { instruction: 'pay-1' }), [finance1]);
  await h.accept(of('FailPayment', { reason: 'bank-closed' }, {}), [finance1]);
  await h.accept(of('InstructPayment', {}, { instruction: 'pay-2' }), [finance1]);
  const paid = { netMinor, bankDay: '2026-06-04' };
  await h.accept(of('RecordPayment', paid, { bankReference: 'B-3' }), [finance1]);
  await h.ledger.settle();
  await h.accept(of('ReturnPayment', { reason: 'account-closed', bankDay: '2026-06-04' }, { bankReference: 'B-4' }), [
    finance1,
  ]);
  const bankDigest = hashOf('another account');
  await h.accept({ type: 'ChangeBankDetails', data: { merchant: relief.merchant, bankDigest } }, [finance1, finance2]);
  await h.accept(of('InstructPayment', {}, { instruction: 'pay-3' }), [finance1]);
  await h.accept(of('RecordPayment', paid, { bankReference: 'B-5' }), [finance1]);
  await h.accept(of('ReconcileSettlement', {}, { statementLine: 'L-1' }), [finance2]);
  await h.ledger.settle();
}

/** Another process goes on with the ledger's next event key; a root has a new key, and a key is revoked. */
async function changeKeys(first: LedgerHarness & HarnessInternals): Promise<LedgerHarness & HarnessInternals> {
  const eventSigner = newSigner(first.entropy);
  const root = newSigner(first.entropy);
  await first.accept({ type: 'RotateEventKey', data: { publicKey: publicKeyOf(eventSigner) } }, first.roots);
  const h = await createLedgerHarness({
    beside: { ...first, eventSigner, roots: [first.roots[0], root] },
    rowsAtATime: 3,
  });
  const rotation = { officer: 'root-2', publicKey: publicKeyOf(root) };
  await h.accept({ type: 'RotateRootKey', data: rotation }, first.roots);
  const lost = await h.enroll('worker', { officer: 'worker-2' });
  await h.accept({ type: 'RevokeKey', data: { key: lost.keyId, reason: 'phone-lost' } }, [h.roots[1]]);
  return h;
}

/** A redemption is reversed after its merchant was paid; the next payment nets what the merchant owes. */
async function settleDebts(h: LedgerHarness, relief: ReliefScenario): Promise<void> {
  const { till } = relief.keys;
  const [, second] = await leavesOfType(h.store, 'VoucherRedeemed');
  const voucher = second?.leaf.stream.slice('voucher-'.length) ?? '';
  await h.accept(reversal(voucher, second?.stored.id ?? '', 100), [till]);
  const { voucherIds } = await issueBatch(h, relief, { count: 1, faceMinor: 6_000 });
  const [last = ''] = voucherIds;
  await h.accept(redemption(relief, last, 4_000), [till, await claim(h, relief, last)]);
  const [settlement = ''] = await cutOff(h, relief);
  const netMinor = await approveSettlement(h, relief, settlement);
  for (const day of ['2026-06-05', '2026-06-06']) await startDay(h, relief, day);
  await paySettlement(h, relief, { settlement, netMinor });
}

/** The vouchers expire, the month is sealed and corrected, and the money goes back to the general fund, which is closed. */
async function endCampaign(h: LedgerHarness, relief: ReliefScenario): Promise<void> {
  const { finance1, finance2, programme1 } = relief.keys;
  await h.accept({ type: 'ExtendCampaign', data: { campaign: relief.campaign, lastDay: '2026-07-01' } }, [programme1]);
  await startDay(h, relief, '2026-07-02');
  await startDay(h, relief, '2026-07-04');
  await h.accept({ type: 'CloseCampaign', data: { campaign: relief.campaign } }, [programme1]);
  const { size } = await h.ledger.latestCheckpoint();
  const sealed = { period: '2026-06', upTo: size, balancesDigest: hashOf('balances') };
  await h.accept({ type: 'ClosePeriod', data: sealed }, [finance1, finance2]);
  const note = { noteZh: '更正一处笔误。', noteEn: 'A slip of the pen is put right: ¥5, not ¥50.' };
  await h.accept({ type: 'PublishCorrection', data: { period: '2026-06', subject: relief.campaign, ...note } }, [
    programme1,
  ]);
  const fund = relief.campaignFund;
  const general = { ...(await openGeneralFund(h, relief)) };
  const { state } = await h.ledger.stateOf(`fund-${fund}`);
  const amountMinor = (state as { readonly freeMinor: number }).freeMinor;
  await h.accept({ type: 'SendTransfer', data: { fund, toFund: general.fund, amountMinor } }, [finance1]);
  await h.ledger.settle();
  await h.accept({ type: 'CloseFund', data: { fund } }, [finance1]);
}

/** Of the programme: a campaign's money may go nowhere else. */
async function openGeneralFund(h: LedgerHarness, relief: ReliefScenario): Promise<{ readonly fund: string }> {
  const fund = h.entropy.uuid();
  const terms = { kind: 'general', name: 'Relief', currency: 'CNY', programme: relief.programme, feeBasisPoints: 0 };
  await h.accept({ type: 'OpenFund', data: { fund, ...terms } }, [relief.keys.finance1]);
  return { fund };
}

async function endMerchantAndProgramme(h: LedgerHarness, relief: ReliefScenario): Promise<void> {
  const { registrar, programme1 } = relief.keys;
  const { merchant, store, programme } = relief;
  await h.accept({ type: 'CloseStore', data: { merchant, store, reason: 'moved' } }, [registrar]);
  await h.accept({ type: 'SuspendMerchant', data: { merchant, reason: 'ended' } }, [programme1]);
  await h.accept({ type: 'CloseProgramme', data: { programme } }, [programme1]);
  await publishFigures(h, relief);
  await h.ledger.checkpoint({ force: true });
}

function reversal(voucher: string, redemptionId: string, amountMinor: number) {
  const data = { voucher, redemption: redemptionId, amountMinor, reason: 'wrong-goods' };
  return { type: 'ReverseRedemption', data };
}
