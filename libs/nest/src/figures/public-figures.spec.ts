import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { filter, firstValueFrom } from 'rxjs';
import { readKeyFileOrThrow, sodiumSigner } from '@aidtrail/crypto-node';
import { base64Encode, parseLeafOrThrow, signCommand, type JsonObject, type Signer } from '@aidtrail/envelope';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { loadConfigOrThrow, type Config, type Role } from '../config/config.js';
import { readFiguresKeyOrThrow } from '../identity/figures-key.js';
import { initialise } from '../identity/initialise.js';
import { keyFilePath } from '../identity/server-keys.js';
import { openSystem, type System, type SystemOptions } from '../system/system.js';

const ORIGIN = 'ledger.example/figures';
const SLOT_MILLISECONDS = 200;
const PATIENCE_MILLISECONDS = 20_000;

describe('the public figures of a ledger at work', () => {
  let directory: string;
  let database: TestDatabase;
  let leader: System;
  let roots: readonly [Signer, Signer];
  let figuresSigner: Signer;
  const warnings: string[] = [];
  const faults: string[] = [];
  const systems: System[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'figures-'));
    database = await testDatabase();
    const now = Date.UTC(2026, 10, 1);
    await initialise(configOf('all'), { origin: ORIGIN, roots: [], utcOffsetMinutes: 480, k: 10, now });
    const rootOf = async (name: string) =>
      sodiumSigner(await readKeyFileOrThrow(keyFilePath(directory, name), 'ed25519-seed'));
    roots = [await rootOf('root-1'), await rootOf('root-2')];
    figuresSigner = await readFiguresKeyOrThrow(directory);
    leader = await begin('all', {
      onWarning: (sentence) => warnings.push(sentence),
      onFault: (where, fault) => faults.push(`${where}: ${String(fault)}`),
    });
  });
  afterAll(async () => {
    await Promise.all(systems.map((system) => system.close()));
    await database.drop();
    await rm(directory, { recursive: true });
  });

  function configOf(role: Role): Config {
    const { connectionString: databaseUrl } = database;
    const where = { dataDirectory: directory, databaseUrl, logLevel: 'silent', calendar: 'free' } as const;
    return loadConfigOrThrow({ ...where, role, slotMilliseconds: SLOT_MILLISECONDS }, {});
  }

  async function begin(role: Role, options: SystemOptions = {}): Promise<System> {
    const system = await openSystem(configOf(role), options);
    systems.push(system);
    system.start((fault) => warnings.push(String(fault)));
    return system;
  }

  async function submit(type: string, data: JsonObject, signer: Signer): Promise<void> {
    const { size, root } = await leader.ledger.latestCheckpoint();
    const body = {
      v: 1 as const,
      log: ORIGIN,
      type,
      id: randomUUID(),
      key: signer.keyId,
      anchor: { size, root },
      data,
    };
    const result = await leader.ledger.handle(signCommand({ body, signers: [signer] }));
    expect(result).toMatchObject({ kind: 'accepted' });
  }

  async function enrolService(key: Signer): Promise<void> {
    await submit('EnrollKey', { publicKey: base64Encode(key.publicKey), role: 'service' }, roots[0]);
    await submit('ApproveKey', { key: key.keyId }, roots[1]);
  }

  /** A figure that is told at once. */
  async function revokeSomeKey(): Promise<void> {
    const lost = sodiumSigner(randomBytes(32));
    await enrolService(lost);
    await submit('RevokeKey', { key: lost.keyId, reason: 'stolen' }, roots[0]);
  }

  async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
    for (let waited = 0; waited < PATIENCE_MILLISECONDS; waited += 50) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      await pause(50);
    }
    throw new Error(`${what} did not come. ${[...warnings, ...faults].join('; ')}`);
  }

  const newestAfter = (cut: number, system = leader) =>
    until('newer figures', () => {
      const newest = system.figures.newest();
      return newest !== undefined && newest.cut > cut ? newest : undefined;
    });

  it('are not published before two roots have enrolled the key, and an operator is told once', async () => {
    await enrolService(sodiumSigner(randomBytes(32)));
    const size = await leader.store.head();
    await until('the checkpoint', async () =>
      (await leader.ledger.latestCheckpoint()).size >= size ? true : undefined,
    );
    expect(leader.figures.newest()).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining(figuresSigner.keyId)]);
  });

  it('are then: the log has the digest of exactly the bytes that are served, and covers them', async () => {
    await enrolService(figuresSigner);
    const { cut, digest, document, position } = await newestAfter(-1);
    expect(createHash('sha256').update(document).digest('base64')).toBe(digest);
    expect(JSON.parse(document)).toMatchObject({ format: 'aidtrail-figures', log: ORIGIN, treeSize: cut });
    const events = await leader.store.readStream('figures-main');
    const leaves = events.map((event) => ({ ...parseLeafOrThrow(event.bytes), position: event.position }));
    expect(leaves).toMatchObject([
      { type: 'FiguresCut', position: cut },
      { type: 'FiguresPublished', position, data: { cut, digest } },
    ]);
    expect(leader.log.status().publishedSize).toBeGreaterThan(position);
  });

  it('are not published again while nothing changes', async () => {
    const head = await leader.store.head();
    await pause(SLOT_MILLISECONDS * 4);
    expect(await leader.store.head()).toBe(head);
  });

  it('come with how far the log is published and counted', async () => {
    const { publishedSize } = leader.log.status();
    expect(leader.figures.countedSize()).toBe(publishedSize);
    expect(await firstValueFrom(leader.figures.sizes)).toBe(publishedSize);
    const grown = firstValueFrom(leader.figures.sizes.pipe(filter((size) => size > publishedSize)));
    await enrolService(sodiumSigner(randomBytes(32)));
    expect(await grown).toBeLessThanOrEqual(leader.log.status().publishedSize);
  });

  it('are seen by a process that publishes nothing itself, also one that begins later', async () => {
    const { cut } = await newestAfter(-1);
    const other = await begin('api');
    // From its first moment on: nobody is told that there were none.
    expect(other.figures.newest()).toMatchObject({ cut });
    await revokeSomeKey();
    const next = await newestAfter(cut);
    expect(await newestAfter(cut, other)).toEqual(next);
    expect(totalIn(next.document, 'revokedKeyCount')).toBe(1);
  });

  it('are published of a cut that was left when a process was cut off between the two', async () => {
    const { cut } = await newestAfter(-1);
    await submit('CutFigures', {}, figuresSigner);
    const left = await newestAfter(cut);
    expect(JSON.parse(left.document)).toMatchObject({ treeSize: left.cut });
    await revokeSomeKey();
    expect(totalIn((await newestAfter(left.cut)).document, 'revokedKeyCount')).toBe(2);
  });
});

function totalIn(document: string, key: string): unknown {
  const { totals } = JSON.parse(document) as {
    readonly totals: readonly { readonly key: string; readonly value?: number }[];
  };
  return totals.find((total) => total.key === key)?.value;
}
