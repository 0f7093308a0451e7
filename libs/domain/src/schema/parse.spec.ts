import { describe, expect, it } from '@jest/globals';
import { batchCommandExamples, batchEventExamples } from '../batch/batch.examples.js';
import { calendarCommandExamples, calendarEventExamples } from '../calendar/calendar.examples.js';
import { campaignCommandExamples, campaignEventExamples } from '../campaign/campaign.examples.js';
import { cutoffCommandExamples, cutoffEventExamples } from '../cutoff/cutoff.examples.js';
import { figuresCommandExamples, figuresEventExamples } from '../figures/figures.examples.js';
import { donationCommandExamples, donationEventExamples } from '../donation/donation.examples.js';
import { fundCommandExamples, fundEventExamples } from '../fund/fund.examples.js';
import { keyCommandExamples, keyEventExamples } from '../key/key.examples.js';
import { ledgerCommandExamples, ledgerEventExamples } from '../ledger/ledger.examples.js';
import { merchantCommandExamples, merchantEventExamples } from '../merchant/merchant.examples.js';
import { periodCommandExamples, periodEventExamples } from '../period/period.examples.js';
import { programmeCommandExamples, programmeEventExamples } from '../programme/programme.examples.js';
import { settlementCommandExamples, settlementEventExamples } from '../settlement/settlement.examples.js';
import { voucherCommandExamples, voucherEventExamples } from '../voucher/voucher.examples.js';
import { eventProblem, parseCommandOrProblem } from './parse.js';
import { commandTable, eventTable, type AnyCommand, type AnyEvent } from './tables.js';

const commandExamples = {
  ...batchCommandExamples,
  ...calendarCommandExamples,
  ...campaignCommandExamples,
  ...cutoffCommandExamples,
  ...figuresCommandExamples,
  ...donationCommandExamples,
  ...fundCommandExamples,
  ...keyCommandExamples,
  ...ledgerCommandExamples,
  ...merchantCommandExamples,
  ...periodCommandExamples,
  ...programmeCommandExamples,
  ...settlementCommandExamples,
  ...voucherCommandExamples,
};
const eventExamples = {
  ...batchEventExamples,
  ...calendarEventExamples,
  ...campaignEventExamples,
  ...cutoffEventExamples,
  ...figuresEventExamples,
  ...donationEventExamples,
  ...fundEventExamples,
  ...keyEventExamples,
  ...ledgerEventExamples,
  ...merchantEventExamples,
  ...periodEventExamples,
  ...programmeEventExamples,
  ...settlementEventExamples,
  ...voucherEventExamples,
};

const commands = Object.values(commandExamples).map((make): AnyCommand => make());
const events = Object.values(eventExamples).map((make): AnyEvent => make());
const privateOf = (from: AnyCommand | AnyEvent) => ('private' in from ? from.private : undefined) as object | undefined;
const parse = (command: AnyCommand, data: object = command.data, disclosed = privateOf(command) ?? {}) =>
  parseCommandOrProblem({ type: command.type, id: command.id, data, private: disclosed as Record<string, unknown> });

describe('examples', () => {
  it('exist of every command and every event', () => {
    expect(Object.keys(commandExamples).sort()).toStrictEqual(Object.keys(commandTable).sort());
    expect(Object.keys(eventExamples).sort()).toStrictEqual(Object.keys(eventTable).sort());
  });

  it.each(commands)('of the command $type fit its schema', (command) => {
    expect(parse(command)).toStrictEqual({ command });
  });

  it.each(events)('of the event $type fit its schema', (event) => {
    expect(
      eventProblem(event.type, event.data, privateOf(event) as Record<string, unknown> | undefined),
    ).toBeUndefined();
    expect(eventProblem(event.type, event.data)).toBeUndefined();
  });
});

describe('schemas are closed', () => {
  it.each(commands)('$type takes no further field', (command) => {
    expect(parse(command, { ...command.data, surname: '张三' })).toStrictEqual({
      problem: 'data: no other fields than those of the table',
    });
    expect(parse(command, command.data, { ...privateOf(command), surname: '张三' })).toHaveProperty('problem');
  });

  it.each(commands)('$type takes no field on the other side', (command) => {
    const [name, value] = (Object.entries(command.data)[0] ?? ['any', 1]) as [string, unknown];
    expect(parse(command, command.data, { ...privateOf(command), [name]: value })).toHaveProperty('problem');
  });

  it.each(events)('$type takes no further field, and none may be null', (event) => {
    expect(eventProblem(event.type, { ...event.data, surname: '张三' })).toStrictEqual({
      path: 'data',
      expected: 'no other fields than those of the table',
    });
    for (const name of Object.keys(event.data))
      expect(eventProblem(event.type, { ...event.data, [name]: null })).toMatchObject({ path: `data.${name}` });
  });

  it('a type that is not in the table has no schema', () => {
    const unknown = { type: 'PrintMoney', id: '', data: {}, private: {} };
    expect(parseCommandOrProblem(unknown)).toStrictEqual({ problem: 'type: a command of the table' });
    expect(parseCommandOrProblem({ ...unknown, type: 'constructor' })).toHaveProperty('problem');
    expect(eventProblem('MoneyPrinted', {})).toStrictEqual({ path: 'type', expected: 'an event of the table' });
  });
});

describe('a problem', () => {
  const send = fundCommandExamples.SendTransfer();

  it.each<[string, unknown]>([
    ['a decimal', 10.5],
    ['text', '4321'],
    ['scientific notation as text', '4.321e3'],
    ['a negative amount', -4321],
    ['nothing', 0],
    ['more than 2^53 - 1', 2 ** 53],
    ['null', null],
  ])('says where an amount is wrong and what was expected: %s', (_what, amountMinor) => {
    expect(parse(send, { ...send.data, amountMinor })).toStrictEqual({
      problem: 'data.amountMinor: amount in minor units (分), ≥ 1',
    });
  });

  it('leads into lists and records', () => {
    const opening = ledgerCommandExamples.OpenLedger();
    const roots = opening.data.roots.map((root) => ({ ...root, publicKey: 'no key' }));
    expect(parse(opening, { ...opening.data, roots })).toStrictEqual({
      problem: 'data.roots.0.publicKey: Ed25519 public key, base64 of 32 bytes',
    });
  });

  it('does not repeat what came, neither value nor name', () => {
    const secret = '440606199001011234';
    for (const data of [
      { ...send.data, toFund: secret },
      { ...send.data, [secret]: 1 },
      { ...send.data, amountMinor: [secret] },
      [secret],
    ])
      expect(JSON.stringify(parse(send, data))).not.toContain(secret);
  });

  it('is a key or hash that is spelt in a second way', () => {
    const enrol = keyCommandExamples.EnrollKey();
    // The same 32 bytes for a lenient decoder: the last digit's two unused bits are not zero.
    const publicKey = enrol.data.publicKey.replace(/.=$/, 'B=');
    expect(parse(enrol, { ...enrol.data, publicKey })).toHaveProperty('problem');
  });
});
