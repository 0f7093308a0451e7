import { afterAll, describe, expect, it } from '@jest/globals';
import {
  base64Encode,
  MalformedInput,
  parseLeafOrThrow,
  prepareAcceptance,
  prepareLeaf,
  uuidV8,
  verifyLeafSignature,
} from '@aidtrail/envelope';
import type { AcceptanceJob, LeafJob, VerifyJob } from '@aidtrail/envelope';
import {
  CryptoPool,
  nodeHmacSha256,
  nodeSha256,
  openSealedOrThrow,
  sealDisclosures,
  sodiumSigner,
  sodiumVerifier,
} from './index.js';

const seed = new Uint8Array(32).fill(3);
const signer = sodiumSigner(seed);
const tools = { signer, seal: sealDisclosures, sha256: nodeSha256, hmac: nodeHmacSha256 };

/** Like bulk issuance: caused by one command, three private fields, a key of its own each. */
function issueJob(number: number): LeafJob {
  const id = uuidV8(nodeSha256(Uint8Array.of(number >> 8, number & 255)));
  return {
    log: 'relief.example.org/log',
    id,
    type: 'VoucherIssued',
    stream: `voucher-${id}`,
    version: 1,
    day: '2026-11-23',
    data: { number, interval: [number * 1000, 1000] },
    facts: [['batch-1', 3]],
    command: { ref: '2f1c1f6e-7b1e-4a53-9a3c-0d2a5b1f6e77' },
    privateFields: { group: 'elderly', community: '\u6e05\u6cb3\u4e09\u8857', partner: 'p-1' },
    sealKey: nodeSha256(Uint8Array.of(number & 255)),
  };
}

/** Every third command brings about two events. */
function acceptanceJob(number: number): AcceptanceJob {
  const leaves = number % 3 === 0 ? [issueJob(number), issueJob(number + 1)] : [issueJob(number)];
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const bodyHash = base64Encode(nodeSha256(Uint8Array.of(number & 255)));
  const answer = { log: 'relief.example.org/log', command: id, bodyHash, publishBy: '2026-11-24T16:30:00Z' };
  return { leaves, answer };
}

function signatures(count: number): VerifyJob[] {
  return Array.from({ length: count }, (_, i) => {
    const message = Uint8Array.of(i, 7, 9);
    return { publicKey: signer.publicKey, message, signature: signer.sign(message) };
  });
}

describe('the crypto pool', () => {
  const pool = new CryptoPool({ workers: 2, seed });
  afterAll(() => pool.close());

  it('prepares, in order and over many chunks, exactly what prepareLeaf gives', async () => {
    const jobs = Array.from({ length: 1234 }, (_, i) => issueJob(i));
    const { privateFields: _, sealKey: __, ...bare } = issueJob(9999);
    jobs.push(bare);
    const prepared = await pool.prepareLeaves(jobs);
    expect(prepared).toEqual(jobs.map((job) => prepareLeaf(job, tools)));
    expect(prepared.at(-1)).not.toHaveProperty('sealed');
  });

  it('makes leaves that verify and sealed disclosures that open', async () => {
    const job = issueJob(1);
    const [prepared] = await pool.prepareLeaves([job]);
    const { bytes, sealed } = prepared as Required<NonNullable<typeof prepared>>;
    expect(verifyLeafSignature(sodiumVerifier, parseLeafOrThrow(bytes), signer.publicKey)).toBe(true);
    const opened = Buffer.from(openSealedOrThrow(job.sealKey as Uint8Array, job.id, sealed)).toString();
    expect(JSON.parse(opened)).toHaveLength(3);
  });

  it('accepts commands together, each exactly as prepareAcceptance does, and a malformed one harms no other', async () => {
    const jobs = Array.from({ length: 300 }, (_, i) => acceptanceJob(i));
    const bad = { ...acceptanceJob(1), leaves: [{ ...issueJob(1), version: 0 }] };
    const all = [...jobs.slice(0, 7), bad, ...jobs.slice(7)];
    const settled = await Promise.allSettled(all.map((job, i) => pool.acceptIfSigned(signatures(i % 3), job)));
    expect(settled[7]).toMatchObject({ status: 'rejected', reason: { code: 'bad_shape' } });
    settled.splice(7, 1);
    const expected = jobs.map((job) => ({ status: 'fulfilled', value: prepareAcceptance(job, tools) }));
    expect(settled).toEqual(expected);
  });

  it('signs nothing for a command with a signature that does not hold, whoever it came in with', async () => {
    const [good, forged] = signatures(2) as [VerifyJob, VerifyJob];
    const broken = { ...forged, signature: forged.signature.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) };
    const lists = [[good], [good, broken], [broken], [good, forged], [], [{ ...good, signature: new Uint8Array(63) }]];
    const results = await Promise.all(lists.map((list, i) => pool.acceptIfSigned(list, acceptanceJob(i))));
    expect(results.map((result) => result !== undefined)).toEqual([true, false, false, true, true, false]);
    expect(results[3]).toEqual(prepareAcceptance(acceptanceJob(3), tools));
  });

  it('rejects with the fault of a job that cannot become a leaf, and goes on working', async () => {
    const bad = pool.prepareLeaves([issueJob(1), { ...issueJob(2), version: 0 }]);
    await expect(bad).rejects.toBeInstanceOf(MalformedInput);
    await expect(bad).rejects.toMatchObject({ code: 'bad_shape' });
    expect(await pool.prepareLeaves([issueJob(1)])).toHaveLength(1);
    expect(await pool.prepareLeaves([])).toEqual([]);
  });

  it('answers each verification for its own job, alone, together and in bulk', async () => {
    const jobs = Array.from({ length: 700 }, (_, i) => {
      const message = new Uint8Array(i % 90).fill(i);
      const signature = signer.sign(message);
      if (i % 3 === 0) signature[i % 64] = (signature[i % 64] as number) ^ 1;
      if (i % 10 === 1) return { publicKey: signer.publicKey, message, signature: signature.slice(0, 63) };
      if (i % 10 === 2) return { publicKey: new Uint8Array(33), message, signature };
      return { publicKey: signer.publicKey, message, signature };
    });
    const expected = jobs.map((job) => sodiumVerifier.verify(job));
    expect(new Set(expected).size).toBe(2);
    expect(await pool.verifyMany(jobs)).toEqual(expected);
    expect(await Promise.all(jobs.map((job) => pool.verify(job)))).toEqual(expected);
    for (let i = 0; i < 12; i += 1) expect(await pool.verify(jobs[i] as (typeof jobs)[0])).toBe(expected[i]);
    expect(await pool.verifyMany([])).toEqual([]);
  });

  it('leaves the arrays of its callers in their hands', async () => {
    const message = Uint8Array.of(1, 2, 3);
    const job = { publicKey: signer.publicKey, message, signature: signer.sign(message) };
    expect([await pool.verify(job), await pool.verify(job)]).toEqual([true, true]);
    expect(message).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('answers a single verification before the bulk work that was handed over first is done', async () => {
    const jobs = Array.from({ length: 5000 }, (_, i) => issueJob(i));
    const message = Uint8Array.of(7);
    const finished: string[] = [];
    const bulk = pool.prepareLeaves(jobs).then(() => finished.push('bulk'));
    const single = pool.verify({ publicKey: signer.publicKey, message, signature: signer.sign(message) });
    await Promise.all([bulk, single.then(() => finished.push('single'))]);
    expect(finished).toEqual(['single', 'bulk']);
  });
});

describe('a crypto pool', () => {
  it('without a seed verifies but does not sign', async () => {
    const pool = new CryptoPool();
    const message = Uint8Array.of(7);
    expect(await pool.verify({ publicKey: signer.publicKey, message, signature: signer.sign(message) })).toBe(true);
    await expect(pool.prepareLeaves([issueJob(1)])).rejects.toThrow('without a signing seed');
    await pool.close();
  });

  it('finishes what was handed over before it closes, and rejects what comes later', async () => {
    const pool = new CryptoPool({ seed });
    const message = Uint8Array.of(7);
    const job = { publicKey: signer.publicKey, message, signature: signer.sign(message) };
    const early = [pool.verify(job), pool.verify(job)];
    const bulk = pool.prepareLeaves(Array.from({ length: 3000 }, (_, i) => issueJob(i)));
    await pool.close();
    expect(await Promise.all(early)).toEqual([true, true]);
    expect(await bulk).toHaveLength(3000);
    await expect(pool.verify(job)).rejects.toThrow('closed');
    await expect(pool.verifyMany([job])).rejects.toThrow('closed');
    await expect(pool.prepareLeaves([issueJob(1)])).rejects.toThrow('closed');
    await pool.close();
  });
});
