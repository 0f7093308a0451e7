import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildCommand } from '@aidtrail/client';
import { sodiumSigner } from '@aidtrail/crypto-node';
import { base64Encode } from '@aidtrail/envelope';
import type { StoredCheckpoint } from '@aidtrail/ledger';
import { loadConfigOrThrow, openSystem, type System } from '@aidtrail/nest';
import {
  freePort,
  initialiseLedger,
  killRemaining,
  runToEnd,
  serve,
  temporaryFolder,
  type OpenedLedger,
} from './program.testing.js';

const folder = await temporaryFolder();
let ours: OpenedLedger;
let theirs: OpenedLedger;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([
    initialiseLedger(join(folder.path, 'ours')),
    initialiseLedger(join(folder.path, 'theirs')),
  ]);
}, 120_000);

afterAll(async () => {
  await killRemaining();
  await folder.remove();
});

/** With owners and modes: PostgreSQL does not touch files that are not its own. */
async function copy(from: string, to: string): Promise<string> {
  await promisify(execFile)('cp', ['-a', from, to]);
  return to;
}

const copyOf = (ledger: OpenedLedger, name: string) => copy(ledger.dataDirectory, join(folder.path, name));

async function replace(directory: string, part: string, by: OpenedLedger): Promise<void> {
  await rm(join(directory, part), { recursive: true });
  await copy(join(by.dataDirectory, part), join(directory, part));
}

async function expectRefusal(dataDirectory: string, sentence: RegExp): Promise<void> {
  const { exitCode, output, notes } = await runToEnd('serve', '--data', dataDirectory, '--port', '0');
  expect(notes).toMatch(sentence);
  expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
}

/** Works in the database of a directory as a server would. */
async function inside<T>(dataDirectory: string, work: (system: System) => Promise<T>): Promise<T> {
  const system = await openSystem(loadConfigOrThrow({ dataDirectory, logLevel: 'silent' }, {}));
  try {
    return await work(system);
  } finally {
    await system.close();
  }
}

/** One more event: a root officer enrols a new key. */
async function enrolSomebody({ ledger, file }: System): Promise<void> {
  const root = ours.roots[0].signer;
  const { publicKey } = sodiumSigner(randomBytes(32));
  const data = { publicKey: base64Encode(publicKey), role: 'worker', officer: 'worker-1' };
  const { size, root: rootHash } = await ledger.latestCheckpoint();
  const command = buildCommand(
    { type: 'EnrollKey', id: randomUUID(), data },
    { origin: file.origin, anchor: { size, root: rootHash }, signers: [root], randomBytes },
  );
  expect((await ledger.handle(command)).kind).toBe('accepted');
}

async function goOn(system: System): Promise<StoredCheckpoint> {
  await enrolSomebody(system);
  const signed = await system.ledger.checkpoint({ force: true });
  const newest = await system.checkpoints.newest();
  if (newest === undefined || newest.size !== signed?.size) throw new Error('No checkpoint was signed.');
  return newest;
}

/** Our directory as it was, a copy of it that went on by one event, and the checkpoint over that. */
async function backupAndLaterState(name: string) {
  const [backup, later] = [await copyOf(ours, name), await copyOf(ours, `${name}-later`)];
  return { backup, later, checkpoint: await inside(later, goOn) };
}

const OTHER_LEDGER =
  /keys and database belong to different ledgers\. Put back|holds the ledger \S+, but ledger\.json is of|keys that leaf 0 names are not those of|is not the current event key/;

describe('a data directory whose parts do not belong together', () => {
  it('is refused when the database holds another ledger', async () => {
    const directory = await copyOf(ours, 'other-database');
    await replace(directory, 'postgres', theirs);
    await expectRefusal(directory, OTHER_LEDGER);
  });

  it('is refused when the keys are of another ledger', async () => {
    const directory = await copyOf(ours, 'other-keys');
    await replace(directory, 'keys', theirs);
    await expectRefusal(directory, OTHER_LEDGER);
  });

  it('is refused when keys and ledger.json are of another ledger', async () => {
    const directory = await copyOf(ours, 'other-identity');
    await replace(directory, 'keys', theirs);
    await replace(directory, 'ledger.json', theirs);
    await expectRefusal(directory, OTHER_LEDGER);
  });

  it('is refused when the database is gone, and no second history begins', async () => {
    const directory = await copyOf(ours, 'no-database');
    await rename(join(directory, 'postgres'), join(directory, 'postgres-lost'));
    await expectRefusal(directory, /The event store is empty, but \S+ was opened before\. If its events are elsewhere/);
    await expectRefusal(directory, /The event store is empty/);
  });

  it('is refused when the database is an older copy than what was signed', async () => {
    const { backup, later } = await backupAndLaterState('older');
    await rm(join(later, 'postgres'), { recursive: true });
    await rename(join(backup, 'postgres'), join(later, 'postgres'));
    await expectRefusal(later, /signed a checkpoint over 2 events .* is an older copy .* Restore a newer backup/);
  });

  it('is refused when the database went on from an older copy and holds as many events, but others', async () => {
    const { backup, later } = await backupAndLaterState('forked');
    await inside(backup, goOn);
    await copy(join(later, 'newest-checkpoint.json'), join(backup, 'newest-checkpoint.json'));
    await expectRefusal(backup, /holds another checkpoint over 2 events .* Do not go on; keep both and ask an auditor/);
  });

  it('is refused when its events were put back, but not its checkpoints', async () => {
    const { backup, checkpoint } = await backupAndLaterState('events');
    await inside(backup, (system) => system.checkpoints.add(checkpoint, 1));
    await expectRefusal(backup, /holds 1 events, but a checkpoint over 2 was signed: .* Restore a newer backup/);
  });
});

describe('a data directory without newest-checkpoint.json', () => {
  it('is opened, but not without a word', async () => {
    const directory = await copyOf(ours, 'no-checkpoint-file');
    expect(await runToEnd('rebuild', '--data', directory)).toMatchObject({ exitCode: 0, notes: '' });
    await rm(join(directory, 'newest-checkpoint.json'));
    const { exitCode, notes } = await runToEnd('rebuild', '--data', directory);
    expect(exitCode).toBe(0);
    expect(notes).toMatch(/newest-checkpoint\.json is missing, .* over 1 events: compare that with one/);
  });
});

describe('a key file that others may read', () => {
  it.each(['event.key', 'registry-master.key'])('keeps the server from starting: %s', async (name) => {
    const directory = await copyOf(ours, `open-${name}`);
    await chmod(join(directory, 'keys', name), 0o640);
    await expectRefusal(directory, new RegExp(`Others may open \\S+/${name}: chmod 600, and replace the key\\.\\n$`));
  });
});

describe('a data directory that is whole', () => {
  it('starts, copied with owners and modes: none of the refusals above came from the copying', async () => {
    const served = await serve({ dataDirectory: await copyOf(ours, 'whole'), port: await freePort() });
    expect(await served.stop()).toBe(0);
  });
});
