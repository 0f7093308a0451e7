import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readKeyFileOrThrow, sodiumSigner, sodiumVerifier } from '@aidtrail/crypto-node';
import { base64Encode, parseLeafOrThrow, signCommand, verifyLeafSignature, type Signer } from '@aidtrail/envelope';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { loadConfigOrThrow, type Config } from '../config/config.js';
import { openSystem, type System } from '../system/system.js';
import { commandInOrThrow, readDocumentOrThrow } from './command-document.js';
import { completeRotation, draftRotation, signRotation } from './event-key-rotation.js';
import { initialise } from './initialise.js';
import { keyFilePath } from './server-keys.js';

describe('exchanging the event key', () => {
  let directory: string;
  let database: TestDatabase;
  let config: Config;
  let roots: Signer[];
  const signerOf = async (name: string) =>
    sodiumSigner(await readKeyFileOrThrow(keyFilePath(directory, name), 'ed25519-seed'));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rotation-'));
    database = await testDatabase();
    config = loadConfigOrThrow({ dataDirectory: directory, databaseUrl: database.connectionString }, {});
    await initialise(config, { origin: 'ledger.example/spec', roots: [], utcOffsetMinutes: 480, k: 10, now: 0 });
    roots = [await signerOf('root-1'), await signerOf('root-2')];
  });
  afterEach(async () => {
    await database.drop();
    await rm(directory, { recursive: true });
  });

  const within = async <T>(work: (system: System) => Promise<T>): Promise<T> => {
    const system = await openSystem(config);
    try {
      return await work(system);
    } finally {
      await system.close();
    }
  };
  const draftAndSign = async (...signers: readonly Signer[]): Promise<string> => {
    const { rotationFile } = await draftRotation(config);
    for (const signer of signers) await signRotation(rotationFile, signer);
    return rotationFile;
  };
  const keyFiles = async () => (await readdir(join(directory, 'keys'))).filter((name) => name.startsWith('event'));

  /** Who signed the newest event, after one more was recorded. */
  const signsNow = (signer: Signer) =>
    within(async (system) => {
      const { size, root } = await system.ledger.latestCheckpoint();
      const data = { publicKey: base64Encode(sodiumSigner(randomBytes(32)).publicKey), role: 'service' };
      const [actor] = roots as [Signer];
      const head = {
        v: 1,
        log: system.file.origin,
        id: randomUUID(),
        key: actor.keyId,
        anchor: { size, root },
      } as const;
      const command = signCommand({ body: { ...head, type: 'EnrollKey', data }, signers: [actor] });
      expect(await system.ledger.handle(command)).toMatchObject({ kind: 'accepted' });
      const events = [];
      for await (const batch of system.store.readAll()) events.push(...batch);
      const leaf = parseLeafOrThrow(events.at(-1)?.bytes as Uint8Array);
      return verifyLeafSignature(sodiumVerifier, leaf, signer.publicKey);
    });

  it('takes two roots, whoever signs first; the old key signs the exchange and the new one all that follows', async () => {
    const old = await signerOf('event');
    const [first, second] = roots as [Signer, Signer];
    const file = await draftAndSign(second, first);
    const next = await signerOf('event-next');
    expect(await completeRotation(config, file)).toBe('rotated');
    const rotated = await within((system) => system.store.readStream('ledger-main'));
    const leaf = parseLeafOrThrow(rotated[1]?.bytes as Uint8Array);
    expect(leaf).toMatchObject({ type: 'EventKeyRotated', data: { publicKey: base64Encode(next.publicKey) } });
    expect(verifyLeafSignature(sodiumVerifier, leaf, old.publicKey)).toBe(true);
    expect(await signsNow(next)).toBe(true);
    expect(await signsNow(old)).toBe(false);
    expect((await keyFiles()).sort()).toEqual([`event-retired-${old.keyId.slice(0, 8)}.key`, 'event.key']);
    expect(await completeRotation(config, file)).toBe('already_rotated');
  });

  it('does not hand in what is not signed by two roots, so that the command is not used up', async () => {
    const [first, second] = roots as [Signer, Signer];
    const stranger = sodiumSigner(randomBytes(32));
    const file = await draftAndSign(second);
    await expect(completeRotation(config, file)).rejects.toThrow(/signatures of root-1 .* It has: root-2\./);
    await signRotation(file, stranger);
    await signRotation(file, first);
    await expect(completeRotation(config, file)).rejects.toThrow(/nobody else/);
    expect(await completeRotation(config, await draftAndSign(first, second))).toBe('rotated');
  });

  it.each([
    ['after the ledger took it', 1],
    ['after the old key got its second name', 2],
  ])('is finished by doing it again when it was cut off %s', async (_name, steps) => {
    const [first, second] = roots as [Signer, Signer];
    const file = await draftAndSign(first, second);
    const [old, next] = [await signerOf('event'), await signerOf('event-next')];
    const document = await readDocumentOrThrow(file, { type: 'RotateEventKey', otherwise: 'damaged' });
    await within((system) => system.ledger.handle(commandInOrThrow(document)));
    if (steps === 2)
      await link(keyFilePath(directory, 'event'), keyFilePath(directory, `event-retired-${old.keyId.slice(0, 8)}`));
    await expect(openSystem(config)).rejects.toThrow(/not the current event key/);
    expect(await completeRotation(config, file)).toBe('rotated');
    expect(await signsNow(next)).toBe(true);
  });

  it('names the officers there are when somebody else is to sign first', async () => {
    await expect(draftRotation(config, { officer: 'root-9' })).rejects.toThrow(/root-1, root-2/);
    expect(await draftRotation(config, { officer: 'root-2' })).toMatchObject({ firstOfficer: 'root-2' });
  });
});
