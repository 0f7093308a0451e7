import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseNoteOrThrow } from '@aidtrail/public-log';
import { GrowingLog, tilesOf } from '@aidtrail/witness/testing';
import { freePort, killRemaining, serveWitness, temporaryFolder } from './program.testing.js';

const SIZE = 5_000;
const BUNDLES = Math.ceil(SIZE / 256);
const folder = await temporaryFolder();
const log = new GrowingLog();
const tiles = tilesOf(log, SIZE);
const asked: string[] = [];
let server: Server;
let logUrl: string;

beforeAll(async () => {
  // Slow enough to be killed in the middle.
  server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1);
    const bytes = path === 'checkpoint' ? log.checkpoint(SIZE) : tiles.get(path);
    asked.push(path);
    setTimeout(() => response.writeHead(bytes === undefined ? 404 : 200).end(bytes), 10);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  logUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await killRemaining();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await folder.remove();
});

describe('a mirror that is killed while it copies', () => {
  it('goes on from what it has, and shows nothing before it is whole', async () => {
    const setup = {
      dataDirectory: `${folder.path}/mirror`,
      port: await freePort(),
      logVkey: log.vkey,
      mirrorOf: logUrl,
    };
    const prefix = `http://127.0.0.1:${setup.port}/${createHash('sha256').update(log.origin).digest('hex')}`;
    let mirror = await serveWitness(setup);
    for (let round = 1; round <= 3; round += 1) {
      while (asked.filter((path) => path.startsWith('tile/entries/')).length < round * 4)
        await new Promise((resolve) => setTimeout(resolve, 5));
      expect((await fetch(`${prefix}/checkpoint`)).status).toBe(404);
      await mirror.kill();
      mirror = await serveWitness(setup);
    }
    let note = '';
    while (note === '') {
      const response = await fetch(`${prefix}/checkpoint`);
      if (response.status === 200) note = await response.text();
    }
    expect(parseNoteOrThrow(note).signatures.map(({ name }) => name)).toEqual([log.origin, 'example.org/witness']);
    for (const [path, bytes] of tiles) {
      const copy = new Uint8Array(await (await fetch(`${prefix}/${path}`)).arrayBuffer());
      expect([path, Buffer.from(copy).toString('base64')]).toEqual([path, Buffer.from(bytes).toString('base64')]);
    }
    expect((await fetch(`${prefix}/tile/0/..%2f..%2fkeys`)).status).toBe(404);
    expect((await fetch(`${prefix}/checkpoint`, { method: 'POST' })).status).toBe(405);
    // Each kill lost one bundle or two, and not all that was there.
    const fetched = asked.filter((path) => path.startsWith('tile/entries/')).length;
    expect(fetched).toBeLessThanOrEqual(BUNDLES + 3 * 2);
    expect(await mirror.stop()).toBe(0);
  }, 60_000);
});
