import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { LeafContent, Signer } from '@aidtrail/envelope';
import { createLedgerHarness, newSigner, publicKeyOf } from '@aidtrail/testing/ledger';
import { publishLog, resignLeaf, witnessesForSpecs } from '@aidtrail/testing/published-log';
import { leavesOf, verifier } from '@aidtrail/testing/reading';
import { checkFigures } from './check-figures.js';
import type { Step } from './step.js';

/** Figures published under the third event key: each key was brought in by a leaf that the one before it signed. */
const document = JSON.stringify({ format: 'aidtrail-figures', v: 1 });
const [second, third] = [newSigner(), newSigner()];

let honest: readonly Uint8Array[];
let first: Signer;
let origin: string;

beforeAll(async () => {
  const h = await createLedgerHarness();
  await h.enroll('service');
  [first, origin] = [h.eventSigner, h.origin];
  honest = (await leavesOf(h.store)).map(({ stored }) => stored.bytes);
});

interface Log {
  readonly leaves: Uint8Array[];
  readonly cut: number;
  readonly keyLeaves: readonly number[];
}

function logOf(
  of: { readonly signsSecond?: Signer; readonly digestOf?: string; readonly isPublished?: boolean } = {},
): Log {
  const leaves = [...honest];
  const last = leaves.at(-1) as Uint8Array;
  const handOver = (from: Signer, to: Signer, by: Signer): number =>
    leaves.push(
      resignLeaf(
        last,
        {
          type: 'EventKeyRotated',
          stream: 'ledger-main',
          data: { formerKey: publicKeyOf(from), publicKey: publicKeyOf(to) },
        },
        by,
      ),
    ) - 1;
  const keyLeaves = [handOver(first, second, of.signsSecond ?? first), handOver(second, third, second)];
  const cut = leaves.length;
  const put = (type: string, data: LeafContent['data']): number =>
    leaves.push(resignLeaf(last, { type, stream: 'figures-main', data }, third));
  put('FiguresCut', {});
  const digest = createHash('sha256')
    .update(of.digestOf ?? document)
    .digest('base64');
  if (of.isPublished !== false) put('FiguresPublished', { cut, digest });
  return { leaves, cut, keyLeaves };
}

async function check({ cut, keyLeaves, leaves }: Log): Promise<Record<string, string>> {
  const { files, policy } = publishLog(leaves, { origin, witnesses: witnessesForSpecs(2) });
  const steps: Step[] = [];
  await checkFigures(
    { document, treeSize: cut },
    {
      policy: { text: policy, outcome: 'same' },
      read: (path) => Promise.resolve(files.get(path)),
      verifier,
      ownHosts: [],
      seen: () => undefined,
      keyLeaves,
      onStep: (step) => steps.push(step),
    },
  );
  return Object.fromEntries(steps.map(({ kind, outcome }) => [kind, outcome]));
}

describe('figures, held against the log', () => {
  it('are good if the ledger committed itself to exactly these', async () => {
    expect(await check(logOf())).toMatchObject({ entry: 'included', signature: 'valid', figures: 'same' });
  });

  it('are bad if it committed itself to others, and open while it has not at all', async () => {
    expect(await check(logOf({ digestOf: `${document} ` }))).toMatchObject({ figures: 'differ' });
    const open = await check(logOf({ isPublished: false }));
    expect(open).toMatchObject({ history: 'first', figures: 'notYet' });
    expect(open).not.toHaveProperty('entry');
  });

  it('are those of their own cut: of another cut none is taken for theirs', async () => {
    const log = logOf();
    expect(await check({ ...log, cut: log.cut - 1 })).toMatchObject({ figures: 'notYet' });
  });
});

describe('a later key of the ledger', () => {
  it('counts once each exchange is found in the log, signed by the key before it', async () => {
    const log = logOf();
    expect((await check(log))['signature']).toBe('valid');
    const disordered = [...log.keyLeaves].reverse();
    expect((await check({ ...log, keyLeaves: [0, ...disordered] }))['signature']).toBe('valid');
  });

  it('is not certain if nobody says where it came in, or an exchange is left out', async () => {
    const log = logOf();
    expect((await check({ ...log, keyLeaves: [] }))['signature']).toBe('laterKey');
    expect((await check({ ...log, keyLeaves: log.keyLeaves.slice(1) }))['signature']).toBe('laterKey');
    expect((await check({ ...log, keyLeaves: [1, 9_999] }))['signature']).toBe('laterKey');
  });

  it('does not count if a stranger signed the exchange', async () => {
    expect((await check(logOf({ signsSecond: newSigner() })))['signature']).toBe('laterKey');
  });
});
