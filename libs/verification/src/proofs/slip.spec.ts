import { describe, expect, it } from '@jest/globals';
import { MalformedInput, sha256, utf8Encode } from '@aidtrail/envelope';
import fc from 'fast-check';
import { joinPartsOrThrow, MAX_PART_BYTES, splitIntoParts } from './receipt-parts.js';
import { formatSlip, parseSlipOrThrow } from './slip.js';

const slip = {
  origin: 'ledger.example/relief 2026',
  index: 8_879,
  leafHash: sha256(utf8Encode('leaf')),
  url: 'https://ledger.example/check',
};

describe('the text of a slip', () => {
  it('is an address that a telephone opens, with what is to be checked behind the #', () => {
    const text = formatSlip(slip);
    expect(text).toMatch(
      /^https:\/\/ledger\.example\/check#aidtrail-slip\/1\?log=ledger\.example%2Frelief%202026&index=8879&leaf=/,
    );
    expect(parseSlipOrThrow(text)).toEqual(slip);
  });

  it('has one spelling', () => {
    const text = formatSlip(slip);
    const others = [
      text.replace('index=8879', 'index=08879'),
      text.replace('%2F', '%2f'),
      text.replace('%20', '%ff'),
      text.replace('index=8879', 'index=9007199254740993'),
      text.slice(0, -1),
      `${text}&more=1`,
      text.replace('https', 'javascript'),
      '',
    ];
    for (const other of others) expect(() => parseSlipOrThrow(other)).toThrow(MalformedInput);
  });

  it('is refused for an address that is none', () => {
    expect(() => formatSlip({ ...slip, url: 'https://ledger.example/#x' })).toThrow(RangeError);
    expect(() => formatSlip({ ...slip, url: 'ledger.example' })).toThrow(RangeError);
  });
});

describe('the parts of a receipt', () => {
  it('fit into QR codes and give the receipt back in any order, also if some were scanned twice', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 9_000 }), fc.nat(), (whole, turn) => {
        const parts = splitIntoParts(whole, sha256);
        for (const part of parts) expect(utf8Encode(part).length).toBeLessThanOrEqual(MAX_PART_BYTES);
        const turned = [
          ...parts.slice(turn % parts.length),
          ...parts.slice(0, turn % parts.length),
          parts[0] as string,
        ];
        expect(joinPartsOrThrow(turned, sha256)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('say which are missing, foreign or wrong', () => {
    const parts = splitIntoParts(new Uint8Array(3_000).fill(7), sha256);
    const foreign = splitIntoParts(new Uint8Array(3_000).fill(8), sha256);
    const [first = '', ...others] = parts;
    const joining = (texts: readonly string[]) => () => joinPartsOrThrow(texts, sha256);
    expect(joining(others)).toThrow('of 5 these are missing: 1');
    expect(joining([foreign[0] as string, ...others])).toThrow('different receipts');
    const wrong = first.replace('BwcH', 'BwcI');
    expect(joining([wrong, ...others])).toThrow('scan them again');
    expect(joining([wrong, ...parts])).toThrow('in two ways');
    expect(joining(['AIDTRAIL-PART/1 3/2 0000000000000000 AAAA'])).toThrow('no part');
    expect(joining([])).toThrow('there is none');
  });

  it('are not made of nothing, nor of more than 99 codes hold', () => {
    expect(() => splitIntoParts(new Uint8Array(0), sha256)).toThrow(RangeError);
    expect(() => splitIntoParts(new Uint8Array(80_000), sha256)).toThrow(RangeError);
  });
});
