import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue, LeafJob, LeafTools, PreparedLeaf, Signer } from './index.js';
import {
  concatBytes,
  leafRunOf,
  parseLeafOrThrow,
  portableSigner,
  prepareLeaf,
  prepareLeafRun,
  sha256,
  utf8Encode,
  uuidV8,
} from './index.js';

/** As quick as it has to be for hundreds of leaves: what is compared is bytes, and any change of them changes it. */
const signer: Signer = {
  ...portableSigner(new Uint8Array(32).fill(3)),
  sign: (message) => concatBytes(sha256(message), sha256(message)),
};
const tools: LeafTools = { signer, seal: (key, id, plaintext) => concatBytes(key, utf8Encode(id), plaintext) };
const cause = '2f1c1f6e-7b1e-4a53-9a3c-0d2a5b1f6e77';

function jobOf(number: number, more: Partial<LeafJob> = {}): LeafJob {
  const seed = sha256(utf8Encode(String(number)));
  const id = uuidV8(seed);
  return {
    log: 'relief.example.org/log',
    id,
    type: 'VoucherIssued',
    stream: `voucher-${id}`,
    version: 1,
    day: '2026-11-23',
    data: { number, interval: [number * 1_000, 1_000], batch: cause, '"data":{}': '"id":"' },
    command: { ref: cause },
    privateFields: { partner: 'p-1', group: `group ${number % 3}`, community: '\u6e05\u6cb3\u4e09\u8857' },
    sealKey: seed,
    ...more,
  };
}

function prepared(jobs: readonly LeafJob[]): PreparedLeaf[] {
  const run = leafRunOf(jobs);
  if (run === undefined) throw new Error('these jobs are no run');
  const asSent = JSON.parse(JSON.stringify(run)) as typeof run;
  return prepareLeafRun(asSent, concatBytes(...jobs.map(({ sealKey }) => sealKey ?? new Uint8Array(0))), tools);
}

const jobs = Array.from({ length: 5 }, (_, i) => jobOf(i));

describe('a run of leaves', () => {
  it.each<[string, Partial<LeafJob>]>([
    ['with private fields', {}],
    [
      'with facts, in any order',
      {
        facts: [
          ['campaign-2', 4],
          ['batch-1', 0],
        ],
      },
    ],
    ['with four private fields, which need no decoys', { privateFields: { a: 1, b: [true], c: 'c', d: { e: 'f' } } }],
    ['whose public fields are all the same', { data: { batch: cause } }],
    ['without public fields', { data: {} }],
  ])('%s gives the bytes that its jobs give one by one', (_, more) => {
    const own = jobs.map((__, i) => jobOf(i, more));
    expect(prepared(own)).toEqual(own.map((job) => prepareLeaf(job, tools)));
  });

  it('gives the same bytes without private fields, and no sealed part', () => {
    const bare = jobs.map(({ privateFields: _, sealKey: __, ...job }) => job);
    const leaves = prepared(bare);
    expect(leaves).toEqual(bare.map((job) => prepareLeaf(job, tools)));
    for (const leaf of leaves) expect(leaf).not.toHaveProperty('sealed');
  });

  it('gives the same bytes for whatever the fields hold', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.maxSafeInteger().filter((n) => !Object.is(n, -0)),
      fc.boolean(),
      fc.array(fc.nat(), { maxLength: 3 }),
      fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 4 }), fc.nat(), { maxKeys: 3, noNullPrototype: true }),
    ) as fc.Arbitrary<JsonValue>;
    const names = fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 8 }), { maxLength: 5 });
    const privateNames = fc.uniqueArray(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/), {
      minLength: 1,
      maxLength: 5,
    });
    const runs = fc.tuple(names, privateNames).chain(([data, fields]) => {
      const object = (of: readonly string[]) =>
        fc
          .tuple(...of.map(() => fc.oneof(value, fc.constant('same'))))
          .map((v) => Object.fromEntries(of.map((n, i) => [n, v[i] as JsonValue])));
      return fc.array(fc.tuple(object(data), object(fields)), { minLength: 1, maxLength: 4 });
    });
    fc.assert(
      fc.property(runs, (rows) => {
        const own = rows.map(([data, privateFields], i) => jobOf(i, { data, privateFields }));
        expect(prepared(own)).toEqual(own.map((job) => prepareLeaf(job, tools)));
      }),
      { numRuns: 60 },
    );
  });

  it('says once what its leaves share', () => {
    const run = leafRunOf(jobs);
    expect([run?.dataNames, run?.privateNames]).toEqual([['number', 'interval'], ['group']]);
    expect(run?.pattern).not.toHaveProperty('sealKey');
    expect(JSON.stringify(run).split(cause)).toHaveLength(3);
  });

  it.each<[string, Partial<LeafJob>]>([
    ['log', { log: 'other.example.org/log' }],
    ['type', { type: 'VoucherExpired' }],
    ['version', { version: 2 }],
    ['day', { day: '2026-11-24' }],
    ['facts', { facts: [['batch-1', 3]] }],
    ['cause', { command: { ref: '2ed6657d-e927-568b-95e1-2665a8aea6a2' } }],
    ['public field more', { data: { ...jobOf(9).data, more: 1 } }],
    ['private field less', { privateFields: { group: 'g' } }],
    ['signed command of its own', { command: { bodyText: '{}', sigs: [] } }],
    ["disclosure of the command's", { commandDisclosures: ['x'] }],
    ['seal key of the wrong size', { sealKey: new Uint8Array(31) }],
  ])('is none when one job has another %s', (_, more) => {
    expect(leafRunOf([...jobs, jobOf(9, more)])).toBeUndefined();
    expect(leafRunOf([jobOf(9, more), ...jobs])).toBeUndefined();
  });

  it.each<[string, LeafJob]>([
    ['id', jobOf(9, { id: 'nine' })],
    ['stream', jobOf(9, { stream: 'voucher 9' })],
    ['public value', jobOf(9, { data: { ...jobOf(9).data, number: 0.5 } })],
    ['private value', jobOf(9, { privateFields: { ...jobOf(9).privateFields, group: null as unknown as string } })],
  ])('refuses a malformed %s as one by one', (_, bad) => {
    const fault = expect.objectContaining({ name: 'MalformedInput' }) as unknown as Error;
    expect(() => prepareLeaf(bad, tools)).toThrow(fault);
    expect(() => prepared([...jobs, bad])).toThrow(fault);
    expect(() => prepared([bad, ...jobs])).toThrow(fault);
  });

  it('makes leaves that a reader accepts', () => {
    for (const { bytes } of prepared(jobs)) expect(parseLeafOrThrow(bytes).command).toEqual({ ref: cause });
  });
});
