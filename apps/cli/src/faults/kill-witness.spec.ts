import { parseNoteOrThrow } from '@aidtrail/public-log';
import { GrowingLog } from '@aidtrail/witness/testing';
import { freePort, killRemaining, serveWitness, temporaryFolder, type ServingProcess } from './program.testing.js';

const ROUNDS = 8;
const folder = await temporaryFolder();
afterAll(async () => {
  await killRemaining();
  await folder.remove();
});

/** A checkpoint that the witness has cosigned, as its log knows it. */
interface Answered {
  readonly log: GrowingLog;
  readonly size: number;
}

/** Brings one checkpoint after the other, each from the size that the witness names, until the witness is gone. */
async function pushUntilGone(url: string, log: GrowingLog, answered: Answered[]): Promise<void> {
  let oldSize = 0;
  for (let size = 1; ; size = oldSize + 1 + Math.floor(Math.random() * 5)) {
    const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body: log.request(oldSize, size) }).catch(
      () => undefined,
    );
    const body = await response?.text().catch(() => undefined);
    if (response === undefined || body === undefined) return;
    if (response.status === 200) {
      answered.push({ log, size });
      oldSize = size;
    } else if (response.status === 409) oldSize = Number(body);
    else if (response.status === 422) await new Promise((resolve) => setTimeout(resolve, 5));
    else throw new Error(`${response.status} ${body}`);
  }
}

describe('a witness that is killed again and again', () => {
  it('forgets nothing that it has cosigned, and never cosigns two histories', async () => {
    const [log, twin] = [new GrowingLog(), new GrowingLog(undefined, 'other')];
    const setup = { dataDirectory: `${folder.path}/witness`, port: await freePort(), logVkey: log.vkey };
    const answered: Answered[] = [];
    let witness: ServingProcess = await serveWitness(setup);
    for (let round = 0; round < ROUNDS; round += 1) {
      const { url } = witness;
      const pushing = [log, twin, log, twin].map((one) => pushUntilGone(url, one, answered));
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 150));
      await witness.kill();
      await Promise.all(pushing);
      witness = await serveWitness(setup);
      const response = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body: log.request(0, 1) });
      // 200: it held nothing, since it was killed before it had answered anything.
      const held = response.status === 200 ? 0 : Number(await response.text());
      expect(held).toBeGreaterThanOrEqual(Math.max(0, ...answered.map(({ size }) => size)));
    }
    expect(await witness.stop()).toBe(0);
    expect(answered.length).toBeGreaterThan(ROUNDS);
    // The two have no leaf in common, so one of them never got a word in after the other.
    const [first] = answered;
    expect(answered.filter((one) => one.log !== first?.log)).toEqual([]);
  }, 120_000);

  it('says what to do when something is in its way', async () => {
    const log = new GrowingLog('in-the-way.example');
    const setup = { dataDirectory: `${folder.path}/other`, port: await freePort(), logVkey: log.vkey };
    const witness = await serveWitness(setup);
    await expect(serveWitness({ ...setup, dataDirectory: `${folder.path}/third` })).rejects.toThrow('another --port');
    await expect(serveWitness({ ...setup, port: await freePort() })).rejects.toThrow(
      /is in use by process \d+: stop that process/,
    );
    await expect(serveWitness({ ...setup, dataDirectory: '/proc/aidtrail/witness' })).rejects.toThrow('/proc/aidtrail');
    for (const [logVkey, sentence] of [
      ['no key', 'the public checkpoint key of a log'],
      [`log ${log.vkey}`, 'without the word log'],
      [witness.vkey, 'the key of a witness'],
      ['PRIVATE+KEY+log.example+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'This is a private key'],
    ] as const)
      await expect(serveWitness({ ...setup, logVkey })).rejects.toThrow(sentence);
    const answer = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body: log.request(0, 3) });
    expect(parseNoteOrThrow(log.checkpoint(3) + (await answer.text())).signatures).toHaveLength(2);
    expect(await witness.stop()).toBe(0);
  });
});
