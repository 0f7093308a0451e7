import type { Leaf } from '@aidtrail/envelope';
import type { EffectFindingCode } from './effect-findings.js';
import type { LogInHand } from './log-in-hand.testing.js';
import { describeTampering, noHash, nowhere, type Case } from './tampering.testing.js';

const opening = (log: LogInHand): Leaf => log.find('FundOpened').leaf;

/** The last expiry of a log, and the return that it went home with, as if both had never been. */
function forgetExpiry(log: LogInHand): void {
  log.blank('VoucherExpired', log.count('VoucherExpired') - 1);
  log.blank('FundsReturned', log.count('FundsReturned') - 1);
}

const effectCases: Readonly<Record<EffectFindingCode, readonly Case[]>> = {
  effect_without_cause: [
    {
      what: 'a transfer is received that names another event as its cause',
      tamper: (log) => log.change('TransferReceived', { command: { ref: opening(log).id } }),
    },
    {
      what: 'somebody signs for an event that only a policy may ask for',
      tamper: (log) => log.change('FeeReceived', { command: opening(log).command }),
    },
    {
      what: 'a voucher expires on a day that never began',
      tamper: (log) => log.change('VoucherExpired', { command: { ref: nowhere } }),
    },
    {
      what: 'an event follows from a command that was signed for another one',
      tamper: (log) => log.change('TransferSent', { command: { ref: opening(log).id } }),
      isAlone: true,
    },
    {
      what: 'an effect is there before its cause',
      tamper: (log) => log.swap('TransferSent', 'TransferReceived'),
    },
  ],
  effect_repeated: [
    { what: 'a fee arrives twice', tamper: (log) => log.append(log.find('FeeReceived').leaf) },
    { what: 'a transfer is received twice', tamper: (log) => log.append(log.find('TransferReceived').leaf) },
    {
      what: 'two vouchers have one number',
      tamper: (log) => log.change('VoucherIssued', { data: { number: 0 } }, 1),
    },
  ],
  effect_missing: [
    {
      what: 'a transfer says that it has another part',
      tamper: (log) => log.change('TransferSent', { data: { parts: 2 } }),
    },
    { what: 'a batch is never completed', tamper: (log) => log.blank('BatchCompleted'), isAlone: true },
    { what: 'a transfer is not received', tamper: (log) => log.blank('TransferReceived') },
    { what: 'a fee does not arrive', tamper: (log) => log.blank('FeeReceived') },
    { what: 'a donation is left out', tamper: (log) => log.blank('DonationReceived', 1), isAlone: true },
    { what: 'a voucher is not issued', tamper: (log) => log.blank('VoucherIssued', 4) },
    { what: 'a fund is not asked for the money of a batch', tamper: (log) => log.blank('BatchFundingRefused') },
    { what: 'an unspent voucher does not expire', tamper: forgetExpiry, isAlone: true },
    {
      what: 'what expired does not come home',
      tamper: (log) => log.blank('FundsReturned', log.count('FundsReturned') - 1),
      isAlone: true,
    },
    { what: 'what was cancelled does not come home', tamper: (log) => log.blank('FundsReturned') },
    { what: 'a window has no settlement', tamper: (log) => log.blank('SettlementProposed', 1) },
    { what: 'a debt that was netted does not come home', tamper: (log) => log.blank('FundsRecovered') },
  ],
  effect_id_differs: [
    {
      what: 'a transfer is received under an id that does not follow from its cause',
      tamper: (log) => log.change('TransferReceived', { id: nowhere }),
      isAlone: true,
    },
    { what: 'a voucher has the id of another one', tamper: (log) => log.change('VoucherIssued', { id: nowhere }, 2) },
    { what: 'an expiry is numbered wrong', tamper: (log) => log.change('VoucherExpired', { id: nowhere }) },
  ],
  effect_differs: [
    {
      what: 'less is received than was sent',
      tamper: (log) => log.change('TransferReceived', { data: { amountMinor: 1 } }),
    },
    {
      what: 'money is received by another fund',
      tamper: (log) => log.change('TransferReceived', { stream: log.find('FundOpened', 1).leaf.stream }),
    },
    {
      what: 'a voucher holds the interval of another one',
      tamper: (log) => log.change('VoucherIssued', { data: { interval: log.intervalOf('VoucherIssued', 0) } }, 1),
    },
    {
      what: 'a settlement covers another window',
      tamper: (log) => log.change('SettlementProposed', { data: { window: [0, 1] } }),
    },
    {
      what: 'the wrong fen of a batch come home',
      tamper: (log) => log.change('FundsReturned', { data: { segments: [[0, 10_000]] } }),
    },
  ],
  effect_not_due: [
    {
      what: 'a fund is said to have refused what it could have paid',
      tamper: (log) => log.change('BatchFundingRefused', { data: { refusal: 'fund_closed' } }),
      isAlone: true,
    },
    {
      what: 'a voucher expires before its last day has passed',
      tamper: (log) =>
        log.change('CampaignExtended', { data: { ...log.find('CampaignExtended').leaf.data, lastDay: '2026-12-31' } }),
    },
    {
      what: 'a batch is complete before it is',
      tamper: (log) => log.swap('VoucherIssued', 'BatchCompleted', 4, 0),
    },
  ],
  private_effect_differs: [
    {
      what: 'a gift is given another address than it has',
      tamper: (log) => log.change('DonationReceived', { private: { interval: [0, 97] } }, 2),
      isAlone: true,
      isPrivate: true,
    },
    {
      what: 'a gift pays more of the fee than its share',
      tamper: (log) => log.change('DonationReceived', { private: { feeMinor: 1_000 } }, 1),
      isAlone: true,
      isPrivate: true,
    },
    {
      what: 'the settlement of one merchant is said to be that of another',
      tamper: (log) => log.change('SettlementProposed', { private: { merchant: nowhere } }, 2),
      isPrivate: true,
    },
    {
      what: 'a settlement is said to follow another one than it does',
      tamper: (log) => log.change('SettlementProposed', { private: { previous: nowhere } }, 2),
      isPrivate: true,
    },
    {
      what: 'a debt is said to be that of another merchant',
      tamper: (log) => log.change('FundsRecovered', { private: { merchant: nowhere } }),
      isAlone: true,
      isPrivate: true,
    },
  ],
  roster_root_differs: [
    {
      what: 'a voucher is issued to a household that is not in the roster',
      tamper: (log) => log.change('VoucherIssued', { data: { commitment: noHash } }),
      isAlone: true,
    },
  ],
  rows_root_differs: [
    {
      what: 'a donation is not a row of its intake',
      tamper: (log) => log.change('DonationReceived', { data: { commitment: noHash } }),
      isAlone: true,
    },
  ],
  named_gift_differs: [
    {
      what: 'a named donor is told an address outside of the intake',
      tamper: (log) => {
        const named = { amountMinor: 100, interval: [5, 97], name: 'A company' };
        log.change('DonationReceived', { data: { named } }, 2);
      },
      isAlone: true,
    },
    {
      what: 'two named donors are told the same address',
      tamper: (log) => {
        const [start] = log.intervalOf('IntakeReceived', 1);
        const named = { amountMinor: 100, interval: [start, 97], name: 'A company' };
        log.change('DonationReceived', { data: { named } }, 2);
        log.change('DonationReceived', { data: { named } }, 3);
      },
      isAlone: true,
    },
  ],
  gifts_total_differs: [
    {
      what: 'the gifts are less than what came in',
      tamper: (log) => {
        const grossMinor = (log.find('IntakeReceived', 1).leaf.data['grossMinor'] as number) + 1;
        log.change('IntakeReceived', { data: { grossMinor } }, 1);
      },
      isPrivate: true,
    },
  ],
};

describeTampering(effectCases);
