import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sodiumSigner } from '@aidtrail/crypto-node';
import { nameWitnesses, parseWitnessArgumentOrThrow, type LogStatus } from '@aidtrail/nest';
import { enrol } from '../demo/cast.js';
import { untilPublished, untilWitnessed } from '../demo/reads.js';
import {
  freePort,
  initialiseLedger,
  killRemaining,
  runToEnd,
  serve,
  serveWitness,
  temporaryFolder,
  type OpenedLedger,
  type ServingProcess,
} from './program.testing.js';
import { silentWorld } from './small-relief.testing.js';

const folder = await temporaryFolder();
let opened: OpenedLedger;
let port: number;
let witnessSetup: Parameters<typeof serveWitness>[0];
let witness: ServingProcess & { readonly vkey: string };
let server: ServingProcess;

beforeAll(async () => {
  opened = await initialiseLedger(join(folder.path, 'main'));
  port = await freePort();
  witnessSetup = {
    dataDirectory: join(folder.path, 'witness'),
    port: await freePort(),
    logVkey: opened.checkpointVkey,
  };
  witness = await serveWitness(witnessSetup);
  await nameWitnesses(opened.dataDirectory, [parseWitnessArgumentOrThrow(`north=${witness.vkey}@${witness.url}`)]);
  server = await serve({ dataDirectory: opened.dataDirectory, port });
}, 120_000);
afterAll(async () => {
  await killRemaining();
  await folder.remove();
});

/** Two more leaves, published. */
async function grow(officer: string): Promise<number> {
  const world = silentWorld(server.url, officer);
  const [enroller, approver] = opened.roots;
  const before = (await status()).publishedSize;
  await enrol(world, { enroller, approver, key: sodiumSigner(world.entropy.bytes(32)), role: 'registrar', officer });
  return untilPublished(world, before + 2);
}

async function status(): Promise<LogStatus> {
  return (await (await fetch(`${server.url}/log/status`)).json()) as LogStatus;
}

describe('a ledger with a witness, each in a process of its own', () => {
  it('goes on while the witness is gone, says so, and is witnessed again when it is back', async () => {
    const first = await grow('registrar-1');
    await untilWitnessed(silentWorld(server.url, 'reader'), first);
    await witness.kill();
    const second = await grow('registrar-2');
    while ((await status()).witnesses[0]?.state !== 'failing') await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await status()).toMatchObject({
      publishedSize: second,
      witnessedSize: first,
      quorum: 'north',
      witnesses: [{ name: 'north', fault: 'unreachable', cosignedSize: first, label: 'not independent' }],
    });
    expect(await (await fetch(`${server.url}/events/${second - 1}`)).json()).toMatchObject({
      witnessed: 'accepted, not yet witnessed',
    });
    witness = await serveWitness(witnessSetup);
    await untilWitnessed(silentWorld(server.url, 'reader'), second);
    expect(await (await fetch(`${server.url}/events/${second - 1}`)).json()).toMatchObject({ witnessed: 'witnessed' });
  }, 120_000);

  it('is cosigned by a mirror of its policy, and the copy can be audited like the log', async () => {
    const { dataDirectory, checkpointVkey: logVkey } = opened;
    const mirrorOf = `${server.url}/log`;
    const mirrorSetup = { dataDirectory: join(folder.path, 'mirror'), port: await freePort(), logVkey, mirrorOf };
    const mirror = await serveWitness({ ...mirrorSetup, name: 'example.org/mirror' });
    expect(await server.stop()).toBe(0);
    const north = parseWitnessArgumentOrThrow(`north=${witness.vkey}@${witness.url}`);
    await nameWitnesses(dataDirectory, [north, parseWitnessArgumentOrThrow(`copy=${mirror.vkey}@${mirror.url}`)]);
    server = await serve({ dataDirectory, port });
    await untilWitnessed(silentWorld(server.url, 'reader'), await grow('registrar-4'));
    const copy = `${mirror.url}/${createHash('sha256')
      .update(logVkey.split('+')[0] as string)
      .digest('hex')}`;
    const own = await (await fetch(`${server.url}/log/witnessed-checkpoint`)).text();
    while ((await (await fetch(`${copy}/witnessed-checkpoint`)).text()) !== own)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const policy = join(dataDirectory, 'log-policy.txt');
    expect(await runToEnd('audit', '--log', copy, '--policy', policy)).toMatchObject({ exitCode: 0 });
    await mirror.stop();
    expect(await server.stop()).toBe(0);
    await nameWitnesses(dataDirectory, [north]);
    server = await serve({ dataDirectory, port });
  }, 120_000);

  it('refuses to start from an older copy, when nothing but the witness knows that it is one', async () => {
    const { dataDirectory } = opened;
    expect(await server.stop()).toBe(0);
    const backup = join(folder.path, 'backup');
    // Started by root, the database belongs to another user, and so must its copy.
    await promisify(execFile)('cp', ['-Rp', join(dataDirectory, 'postgres'), backup]);
    server = await serve({ dataDirectory, port });
    await untilWitnessed(silentWorld(server.url, 'reader'), await grow('registrar-3'));
    expect(await server.stop()).toBe(0);
    // A new machine: the database of yesterday, and nothing that was written beside it.
    await rm(join(dataDirectory, 'postgres'), { recursive: true });
    await rename(backup, join(dataDirectory, 'postgres'));
    await rm(join(dataDirectory, 'log'), { recursive: true });
    await rm(join(dataDirectory, 'newest-checkpoint.json'));
    const { exitCode, notes } = await runToEnd('serve', '--data', dataDirectory, '--port', '0');
    expect(exitCode).toBe(2);
    expect(notes).toMatch(
      /The witness north holds a checkpoint over \d+ events, signed by this ledger's key, that the database/,
    );
    expect(notes).toContain('restore a newer backup');
  }, 120_000);
});
