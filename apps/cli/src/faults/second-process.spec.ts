import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { sodiumSigner } from '@aidtrail/crypto-node';
import { enrol } from '../demo/cast.js';
import { readiness, untilPublished } from '../demo/reads.js';
import {
  freePort,
  initialiseLedger,
  killRemaining,
  runToEnd,
  serve,
  temporaryFolder,
  type OpenedLedger,
  type ServingProcess,
} from './program.testing.js';
import { commandIdsIn, readPublicLog } from './public-log.testing.js';
import { silentWorld } from './small-relief.testing.js';

const folder = await temporaryFolder();
let opened: OpenedLedger;
let first: ServingProcess;

beforeAll(async () => {
  opened = await initialiseLedger(join(folder.path, 'main'));
  first = await serve({ dataDirectory: opened.dataDirectory, port: await freePort() });
}, 120_000);

afterAll(async () => {
  await killRemaining();
  await folder.remove();
});

describe('a second process on a data directory that is being served', () => {
  it.each([
    ['serve', ['--port', '0']],
    ['rebuild', []],
  ])('%s ends with code 2 and a sentence that says what to do', async (verb, more) => {
    const { exitCode, output, notes } = await runToEnd(verb, '--data', opened.dataDirectory, ...more);
    expect(exitCode).toBe(2);
    expect(output).toBe('');
    expect(notes).toMatch(/is in use by process \d+: stop that process, or choose another directory\n$/);
  });

  it('does not disturb the first, which goes on taking commands and ends in good order', async () => {
    const world = silentWorld(first.url, 'second process');
    const [enroller, approver] = opened.roots;
    const key = sodiumSigner(world.entropy.bytes(32));
    await enrol(world, { enroller, approver, key, role: 'registrar', officer: 'registrar-1' });
    expect(await readiness(world)).toMatchObject({ ready: true, head: 3 });
    await untilPublished(world, 3);
    expect(commandIdsIn(await readPublicLog(first.url, opened.eventKey))).toHaveLength(3);
    // A connection that never brings a request must not keep the server from ending.
    const idle = connect(Number(new URL(first.url).port), '127.0.0.1').on('error', () => undefined);
    await once(idle, 'connect');
    expect(await first.stop()).toBe(0);
    expect(idle.destroyed || (await once(idle, 'close')).length > 0).toBe(true);
  });
});
