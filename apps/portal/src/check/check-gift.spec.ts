import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseLeafOrThrow, sha256 } from '@aidtrail/envelope';
import { parsePolicyOrThrow } from '@aidtrail/public-log';
import { openReceiptOrThrow } from '@aidtrail/verification';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { leavesOfType, verifier } from '@aidtrail/testing/reading';
import { give, openRelief } from '@aidtrail/testing/relief';
import { publishLog, witnessesForSpecs, type PublishedLog } from '@aidtrail/testing/published-log';
import { newSigner } from '@aidtrail/testing/ledger';
import { checkLog, type CheckOutcome, type GiftClaim } from './check-gift.js';
import { checkReceipt } from './check-receipt.js';
import type { Seen } from './checkpoint-steps.js';
import { LogUnreachable, type ReadFile } from './read-log.js';
import { isAboutEntry, missingWitnesses, verdictOfAll, type Step } from './step.js';

const GROSS_MINOR = 12_345;
const FEE_MINOR = 370;

let leaves: readonly Uint8Array[];
let origin: string;
let claim: GiftClaim;
let log: PublishedLog;
let shorter: PublishedLog;

const publish = (some: readonly Uint8Array[], more: Partial<Parameters<typeof publishLog>[1]> = {}): PublishedLog =>
  publishLog(some, { origin, witnesses: witnessesForSpecs(2), ...more });

const readerOf =
  ({ files }: Pick<PublishedLog, 'files'>): ReadFile =>
  (path) =>
    Promise.resolve(files.get(path));

beforeAll(async () => {
  const h = await createLedgerHarness();
  const relief = await openRelief(h);
  await give(h, relief, [GROSS_MINOR, 500]);
  const [gift] = await leavesOfType(h.store, 'DonationReceived');
  if (gift === undefined) throw new Error('There is no gift.');
  const all: Uint8Array[] = [];
  for await (const batch of h.store.readAll({})) all.push(...batch.map(({ bytes }) => Uint8Array.from(bytes)));
  leaves = all;
  origin = parseLeafOrThrow(leaves[0] as Uint8Array).log;
  const disclosures = await h.disclosuresOf(gift.stored);
  claim = { grossMinor: GROSS_MINOR, feeMinor: FEE_MINOR, addsUp: true, leafIndex: gift.stored.position, disclosures };
  log = publish(leaves);
  shorter = publish(leaves.slice(0, -1));
});

interface Asked {
  readonly claim?: Partial<GiftClaim>;
  readonly files?: PublishedLog['files'];
  readonly read?: ReadFile;
  readonly policy?: string;
  readonly seen?: Seen;
  readonly ownHosts?: readonly string[];
  readonly keyLeaves?: readonly number[];
}

async function ask(of: Asked = {}): Promise<{ readonly steps: readonly Step[]; readonly outcome: CheckOutcome }> {
  const steps: Step[] = [];
  const outcome = await checkLog(
    { ...claim, ...of.claim },
    {
      policy: { text: of.policy ?? log.policy, outcome: 'same' },
      read: of.read ?? readerOf({ files: of.files ?? log.files }),
      verifier,
      ownHosts: of.ownHosts ?? [],
      seen: () => of.seen,
      keyLeaves: of.keyLeaves ?? [],
      onStep: (step) => steps.push(step),
    },
  );
  return { steps, outcome };
}

const outcomesOf = (steps: readonly Step[]): Record<string, string> =>
  Object.fromEntries(steps.map(({ kind, outcome }) => [kind, outcome]));

/** The log's files with a bit of one of them flipped; of entries, one of the gift's own. */
function tampered(begins: string): PublishedLog['files'] {
  const files = new Map(log.files);
  const name = [...files.keys()].find((path) => path.startsWith(begins));
  if (name === undefined) throw new Error('There is no such file.');
  const bytes = Buffer.from(files.get(name) as Uint8Array);
  const entry = bytes.indexOf(leaves[claim.leafIndex as number] as Uint8Array);
  const place = entry < 0 ? 40 : entry + 100;
  bytes[place] = (bytes[place] as number) ^ 1;
  return files.set(name, bytes);
}

const seenAt = (note: string): Seen => ({ note, at: '2026-06-01T00:00:00.000Z' });

describe('checking a gift in the browser', () => {
  it('finds everything good of a good log, and makes a receipt that other programs accept', async () => {
    const { steps, outcome } = await ask();
    expect(outcomesOf(steps)).toEqual({
      policy: 'same',
      checkpoint: 'signed',
      witnesses: 'quorum',
      history: 'first',
      entry: 'included',
      signature: 'valid',
      amounts: 'same',
      sum: 'adds',
    });
    expect(outcome.remember?.note).toBe(log.checkpoint);
    const trust = { policy: parsePolicyOrThrow(log.policy), verifier, sha256 };
    const { disclosed, index } = openReceiptOrThrow(outcome.receipt as string, trust);
    expect([index, disclosed['amountMinor']]).toEqual([claim.leafIndex, GROSS_MINOR]);
  });

  it.each([
    ['the entry', 'tile/entries/', 'entry', /notIncluded/],
    ['the hashes', 'tile/0/', 'entry', /notIncluded/],
    ['the checkpoint', 'witnessed-checkpoint', 'checkpoint', /notSigned|unreadable/],
  ])('is red if one bit of %s was flipped, and makes no receipt', async (_name, begins, kind, expected) => {
    const { steps, outcome } = await ask({ files: tampered(begins) });
    expect(verdictOfAll(steps)).toBe('bad');
    expect(outcomesOf(steps)[kind]).toMatch(expected);
    expect(outcome.receipt).toBeUndefined();
  });

  it('is red if the page shows another amount, another fee, or parts that are not the gift', async () => {
    const differ = [{ grossMinor: GROSS_MINOR + 1 }, { feeMinor: FEE_MINOR - 1 }];
    for (const other of differ) expect(outcomesOf((await ask({ claim: other })).steps)['amounts']).toBe('differ');
    expect(outcomesOf((await ask({ claim: { addsUp: false } })).steps)['sum']).toBe('differs');
  });

  it('is red if the server names another event, or disclosures that belong to another', async () => {
    expect(outcomesOf((await ask({ claim: { leafIndex: 3 } })).steps)['amounts']).toBe('otherEvent');
    const other = { leafIndex: (claim.leafIndex as number) + 1 };
    expect(outcomesOf((await ask({ claim: other })).steps)['amounts']).toBe('forged');
  });

  it('is red if too few witnesses cosigned, and amber if the ledger has none', async () => {
    const alone = publish(leaves, { witnesses: [] });
    expect(outcomesOf((await ask({ files: alone.files })).steps)['witnesses']).toBe('tooFew');
    const near = log.policy.replace(/^(witness \S+ \S+).*$/gm, '$1 http://127.0.0.1:7430');
    expect(outcomesOf((await ask({ policy: near })).steps)['witnesses']).toBe('ownMachine');
    const unasked = await ask({ files: alone.files, policy: alone.policy });
    expect(missingWitnesses(unasked.steps)).toBe('notAsked');
    expect(outcomesOf(unasked.steps)['witnesses']).toBe('notAsked');
    expect(verdictOfAll(unasked.steps)).toBe('open');
  });

  it('is amber, never green, until a quorum that is not on the ledger’s own machine has cosigned', async () => {
    const oneIsNear = log.policy.replace(/^(witness \S+ \S+).*$/m, '$1 http://127.0.0.1:7430');
    const { steps } = await ask({ policy: oneIsNear });
    expect([outcomesOf(steps)['witnesses'], verdictOfAll(steps)]).toEqual(['ownMachine', 'open']);
  });

  it.each([
    ['are services beside the ledger', '$1 http://$2:7430', []],
    ['have addresses of an inner network', '$1 http://10.0.0.5:7430', []],
    ['have no address', '$1', []],
    ['are where the log’s name is', '$1 https://ledger.example:7430', []],
    ['are where the page is', '$1 https://witness.example.org', ['Witness.example.org:443']],
  ])('is amber if the witnesses %s', async (_name, line, ownHosts) => {
    const policy = log.policy.replace(/^(witness (\S+) \S+).*$/gm, line);
    const { steps } = await ask({ policy, ownHosts });
    expect([outcomesOf(steps)['witnesses'], verdictOfAll(steps)]).toEqual(['ownMachine', 'open']);
  });

  it('is green for the same answers once the witnesses have addresses elsewhere', async () => {
    const policy = log.policy.replace(/^(witness \S+ \S+).*$/gm, '$1 https://witness.example.org');
    expect(outcomesOf((await ask({ policy, ownHosts: ['ledger.example'] })).steps)['witnesses']).toBe('quorum');
  });

  it('says that nothing is missing but witnesses only where all else holds', async () => {
    const near = log.policy.replace(/^(witness \S+ \S+).*$/gm, '$1 http://127.0.0.1:7430');
    const { steps } = await ask({ policy: near });
    expect([missingWitnesses(steps), isAboutEntry(steps)]).toEqual(['ownMachine', true]);
    for (const of of [
      {},
      { policy: near, claim: { grossMinor: GROSS_MINOR + 1 } },
      { policy: near, claim: { leafIndex: undefined } },
    ])
      expect(missingWitnesses((await ask(of)).steps)).toBeUndefined();
    expect(missingWitnesses([])).toBeUndefined();
  });

  it('is red for a log that another key signed, or that begins with another entry', async () => {
    const strangers = publish(leaves, { signer: newSigner() });
    expect(outcomesOf((await ask({ files: strangers.files })).steps)['checkpoint']).toBe('notSigned');
    const pin = publish(leaves.slice(1)).policy;
    expect(outcomesOf((await ask({ policy: pin })).steps)['signature']).toBe('otherLedger');
  });

  it('is amber, never red, while nothing can be read', async () => {
    const gone: ReadFile = () => Promise.reject(new LogUnreachable('gone'));
    expect(outcomesOf((await ask({ read: gone })).steps)).toEqual({ policy: 'same', checkpoint: 'unreachable' });
    const noTiles: ReadFile = (path) =>
      path.startsWith('tile/') ? Promise.reject(new LogUnreachable('gone')) : readerOf(log)(path);
    const { steps } = await ask({ read: noTiles });
    expect(outcomesOf(steps)['entry']).toBe('unreachable');
    expect(verdictOfAll(steps)).toBe('open');
    expect(outcomesOf((await ask({ claim: { leafIndex: undefined } })).steps)['entry']).toBe('notYet');
  });
});

describe('what this browser saw before', () => {
  it('is gone on from by a log that grew, and remembered anew', async () => {
    const { steps, outcome } = await ask({ seen: seenAt(shorter.checkpoint) });
    expect(outcomesOf(steps)['history']).toBe('grown');
    expect(outcome.remember?.note).toBe(log.checkpoint);
    expect(outcomesOf((await ask({ seen: seenAt(log.checkpoint) })).steps)['history']).toBe('same');
  });

  it.each([
    ['of the same size', () => leaves.toReversed(), 'forked'],
    ['of a smaller size', () => leaves.toReversed().slice(0, -1), 'forked'],
    ['of a larger size', () => [...leaves.toReversed(), leaves[0] as Uint8Array], 'shorter'],
  ])('contradicts a log with another history %s, and stays remembered', async (_name, before, expected) => {
    const { steps, outcome } = await ask({ seen: seenAt(publish(before()).checkpoint) });
    expect(outcomesOf(steps)['history']).toBe(expected);
    expect(verdictOfAll(steps)).toBe('bad');
    expect(outcome.remember).toBeUndefined();
  });

  it('is not forgotten for an older copy of the same log', async () => {
    const behind = { files: new Map([...log.files, ...shorter.files]) };
    const { steps, outcome } = await ask({ files: behind.files, seen: seenAt(log.checkpoint) });
    expect(outcomesOf(steps)['history']).toBe('older');
    expect(outcome.remember).toBeUndefined();
    // With its own files alone it cannot show that it is the same log: it was cut off.
    expect(outcomesOf((await ask({ files: shorter.files, seen: seenAt(log.checkpoint) })).steps)['history']).toBe(
      'shorter',
    );
  });
});

describe('checking a receipt without a network', () => {
  const check = (file: string, seen?: Seen, policy = log.policy): readonly Step[] =>
    checkReceipt(new TextEncoder().encode(file), {
      policy: { text: policy, outcome: 'same' },
      verifier,
      ownHosts: [],
      seen: () => seen,
    });

  it('finds a good one good', async () => {
    const { receipt = '' } = (await ask()).outcome;
    const steps = check(receipt);
    expect(verdictOfAll(steps)).toBe('good');
    expect(outcomesOf(steps)).toMatchObject({ form: 'readable', entry: 'included', amounts: 'shown' });
    expect(outcomesOf(check(receipt, seenAt(publish(leaves.toReversed()).checkpoint)))['history']).toBe('forked');
  });

  it('finds any changed character', async () => {
    const { receipt = '' } = (await ask()).outcome;
    // The last line, a cosignature, may have bits of base64 that mean nothing: they are refused, too.
    for (let at = 0; at < receipt.length; at += 97) {
      const other = receipt[at] === 'A' ? 'B' : 'A';
      const steps = check(receipt.slice(0, at) + other + receipt.slice(at + 1));
      expect([at, verdictOfAll(steps)]).toEqual([at, 'bad']);
    }
    expect(verdictOfAll(check(receipt.slice(0, -10)))).toBe('bad');
    expect(verdictOfAll(check('<html>'))).toBe('bad');
  });

  it('accepts none under the keys of somebody else', async () => {
    const { receipt = '' } = (await ask()).outcome;
    const { policy } = publish(leaves, { signer: newSigner() });
    expect(outcomesOf(check(receipt, undefined, policy))['checkpoint']).toBe('notSigned');
  });
});
