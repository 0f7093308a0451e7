import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sodiumSigner } from '@aidtrail/crypto-node';
import { createCosigner, createNoteSigner, formatVkey, isQuorum } from '@aidtrail/public-log';
import { isElsewhere, ownHostsOf } from './independence.js';
import {
  nameWitnesses,
  parseWitnessArgumentOrThrow,
  policyPath,
  PolicyProblem,
  readPolicy,
  writePolicy,
} from './policy-file.js';

const signer = (seed: number) => sodiumSigner(new Uint8Array(32).fill(seed));
const checkpointVkey = formatVkey(createNoteSigner('log.example', signer(1)).key);
const otherVkey = formatVkey(createNoteSigner('log.example', signer(2)).key);
const terms = { checkpointVkey, leafZeroHash: new Uint8Array(32).fill(5) };
const witnessVkeys = [11, 12, 13].map((seed) => formatVkey(createCosigner(`w${seed}.example/a@b`, signer(seed)).key));
const named = ['north', 'south', 'east'].map((name, i) =>
  parseWitnessArgumentOrThrow(`${name}=${witnessVkeys[i]}@https://${name}.example/w`),
);

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'aidtrail-policy-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the policy of a ledger', () => {
  it('is none until there is a file, and then what was written', async () => {
    expect(await readPolicy(folder, terms)).toBeUndefined();
    await writePolicy(folder, terms, []);
    expect(await readPolicy(folder, terms)).toMatchObject({ witnesses: [], quorum: { kind: 'none' } });
    expect(await readFile(policyPath(folder), 'utf8')).toMatch(
      /^# aidtrail-leaf0 BQUF.*\nlog log\.example\+.*\nquorum none\n$/,
    );
    expect(await readdir(folder)).toEqual(['log-policy.txt']);
  });

  it('asks for two of three witnesses', async () => {
    await writePolicy(folder, terms, named);
    const policy = await readPolicy(folder, terms);
    expect(policy?.witnesses).toEqual(named);
    const isEnough = (...names: string[]) => policy !== undefined && isQuorum(policy.quorum, new Set(names));
    expect([isEnough('north'), isEnough('north', 'east'), isEnough('south', 'north')]).toEqual([false, true, true]);
  });

  it('can be given witnesses later, and keeps its log and leaf 0', async () => {
    await writePolicy(folder, terms, []);
    await nameWitnesses(folder, named);
    expect((await readPolicy(folder, terms))?.witnesses).toEqual(named);
    await writeFile(policyPath(folder), 'quorum none\n');
    await expect(nameWitnesses(folder, named)).rejects.toThrow(PolicyProblem);
  });

  it.each([
    ['no quorum', `log ${checkpointVkey}\n`, 'no quorum line'],
    ['an unknown line, by its number', `log ${checkpointVkey}\nwitnes x\nquorum none\n`, 'line 2'],
    ['another log', `log ${otherVkey}\nquorum none\n`, "this ledger's"],
    ['a second log', `log ${checkpointVkey}\nlog ${otherVkey}\nquorum none\n`, "this ledger's"],
    ['no log', 'quorum none\n', "this ledger's"],
    ['another leaf 0', `# aidtrail-leaf0 ${'A'.repeat(43)}=\nlog ${checkpointVkey}\nquorum none\n`, 'another leaf 0'],
    ['a leaf 0 that is none', `# aidtrail-leaf0 x\nlog ${checkpointVkey}\nquorum none\n`, 'pin of leaf 0'],
    [
      'an address that is none',
      `log ${checkpointVkey}\nwitness a ${witnessVkeys[0]} a.example\nquorum a\n`,
      'of a is no http',
    ],
    [
      'an address of a file',
      `log ${checkpointVkey}\nwitness a ${witnessVkeys[0]} file:///etc\nquorum a\n`,
      'of a is no http',
    ],
  ])('is refused with %s', async (_, file, reason) => {
    await writeFile(policyPath(folder), file);
    const reading = readPolicy(folder, terms);
    await expect(reading).rejects.toThrow(PolicyProblem);
    await expect(reading).rejects.toThrow(reason);
    await expect(reading).rejects.toThrow('log-policy.txt cannot be used');
  });
});

describe('a witness that an operator names', () => {
  it('may have an at sign in its key name', () => {
    expect(named[0]).toMatchObject({ name: 'north', url: 'https://north.example/w' });
    expect(named[0]?.key.name).toBe('w11.example/a@b');
  });

  it.each([
    '',
    'north',
    `north=${witnessVkeys[0]}`,
    `north=${witnessVkeys[0]}@ftp://x`,
    `=${witnessVkeys[0]}@https://x`,
    `north=${checkpointVkey}@https://x`,
    `north=${witnessVkeys[0]?.slice(0, -4)}@https://x`,
    `north=${witnessVkeys[0]}@https://`,
    `no rth=${witnessVkeys[0]}@https://x`,
  ])('is refused as "%s"', (text) => {
    expect(() => parseWitnessArgumentOrThrow(text)).toThrow(PolicyProblem);
  });
});

describe('the address of a witness', () => {
  const own = new Set(['ledger.example', '203.0.113.7', '2001:db8::7']);

  it.each([
    ['http://127.0.0.1:7430', false],
    ['http://127.8.9.10', false],
    ['http://localhost:7430/w', false],
    ['http://a.localhost', false],
    ['http://[::1]:7430', false],
    ['http://[::ffff:127.0.0.1]', false],
    ['http://0.0.0.0', false],
    ['http://0x7f.1', false],
    ['http://2130706433', false],
    ['http://witness-1:7430', false],
    ['http://10.1.2.3:7430', false],
    ['https://LEDGER.example/w', false],
    ['https://ledger.example.:8443', false],
    ['https://203.0.113.7', false],
    ['https://[2001:db8::7]', false],
    ['https://witness.example', true],
    ['https://ledger.example.org', true],
    ['https://203.0.113.8', true],
    ['https://[2001:db8::8]', true],
    ['https://128.0.0.1', true],
  ])('%s is elsewhere: %s', (url, elsewhere) => {
    expect(isElsewhere(url, own)).toBe(elsewhere);
  });

  it('is compared with the host of the log’s name, the address that is served, and this machine’s own', () => {
    const hosts = ownHostsOf({ origin: 'Ledger.example:8080/relief', host: '10.1.2.3' });
    expect(hosts.has('ledger.example')).toBe(true);
    expect(hosts.has('10.1.2.3')).toBe(true);
    expect(hosts.has('127.0.0.1')).toBe(true);
  });
});
