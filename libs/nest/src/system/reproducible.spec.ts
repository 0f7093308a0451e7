import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { base64Encode } from '@aidtrail/envelope';
import { ConfigProblem, loadConfigOrThrow, type Config } from '../config/config.js';
import { initialise } from '../identity/initialise.js';
import type { LedgerFile } from '../identity/ledger-file.js';
import { createServerKeys } from '../identity/server-keys.js';
import { requireDemo, type Reproducible } from './reproducible.js';
import { assembleSystem } from './system.js';

const zeros: Reproducible = {
  openingId: '00000000-0000-4000-8000-000000000000',
  bytesFor: () => (length) => new Uint8Array(length),
};
const file: LedgerFile = {
  origin: 'ledger.example/real',
  eventKey: 'e',
  checkpointVkey: 'c',
  roots: [],
  utcOffsetMinutes: 480,
  k: 10,
  demo: false,
};

/** Whoever knows the seed knows the keys, and everybody knows the seed. */
describe('keys from a seed', () => {
  let directory: string;
  let config: Config;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'reproducible-'));
    config = loadConfigOrThrow({ dataDirectory: join(directory, 'main'), logLevel: 'silent' }, {});
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('are refused for a ledger that is no demo, with its name', () => {
    expect(() => requireDemo(zeros, file)).toThrow(ConfigProblem);
    expect(() => requireDemo(zeros, file)).toThrow('ledger.example/real');
    expect(() => requireDemo(zeros, { ...file, demo: true })).not.toThrow();
    expect(() => requireDemo(undefined, file)).not.toThrow();
  });

  it('are refused where root officers bring their own, before anything is written', async () => {
    const roots = [1, 2].map((n) => base64Encode(new Uint8Array(32).fill(n)));
    const terms = { origin: file.origin, roots, utcOffsetMinutes: 480, k: 10, now: 0, reproducible: zeros };
    await expect(initialise(config, terms)).rejects.toThrow(/for demo ledgers/);
    expect(await readdir(directory)).toEqual([]);
  });

  it('open no system of a real ledger, and no database', async () => {
    const own = join(directory, 'own');
    const keys = await createServerKeys(own, (length) => new Uint8Array(length).fill(7));
    const opening = assembleSystem({ ...config, dataDirectory: own }, { file, keys }, { reproducible: zeros });
    await expect(opening).rejects.toThrow(ConfigProblem);
    expect(await readdir(own)).toEqual(['keys']);
  });
});
