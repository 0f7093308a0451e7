import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { utf8Encode } from '@aidtrail/envelope';
import { publishLog, writePublishedLog } from '@aidtrail/testing/published-log';
import { CannotAudit } from '../cannot-audit.js';
import { runAudit } from '../run-audit.js';
import { keepFiles } from './kept-files.js';
import { openSource } from './open-source.js';
import { tarGz } from './tar.js';
import { urlSource } from './url-source.js';

const run = promisify(execFile);
const worker = new URL('../../dist/work/sodium-worker.js', import.meta.url);
const log = publishLog(
  Array.from({ length: 700 }, (_, i) => utf8Encode(`entry ${i}`)),
  { origin: 'log.example/specs' },
);

let directory: string;
let published: { readonly log: string; readonly policy: string };
let servers: Server[];
beforeEach(async () => {
  servers = [];
  directory = await mkdtemp(join(tmpdir(), 'sources-'));
  published = await writePublishedLog(directory, log);
});
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await rm(directory, { recursive: true });
});

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/log/`;
}

/** Answers with the files of the log. */
const honest: RequestListener = (request, response) => {
  const bytes = log.files.get((request.url ?? '').replace('/log/', ''));
  if (bytes === undefined) response.writeHead(404).end();
  else response.end(bytes);
};

const auditOf = async (where: string, keep?: string) => {
  const order = { log: where, policyFile: published.policy, merkleOnly: true };
  const { report } = await runAudit(keep === undefined ? order : { ...order, keep }, {
    workerScript: worker,
    workers: 2,
  });
  return report;
};

describe('a log', () => {
  it('gives the same report from a folder, from archives and over http', async () => {
    const plain = join(directory, 'log.tar');
    await run('tar', ['-cf', plain, '-C', directory, 'log']);
    const packed = join(directory, 'packed.tar.gz');
    await run('tar', ['-czf', packed, '-C', published.log, '.']);
    const own = join(directory, 'own.tar.gz');
    await writeFile(own, tarGz(log.files));
    const expected = await auditOf(published.log);
    expect(expected).toMatchObject({ result: 'clean', counts: { entries: 700 } });
    for (const where of [plain, packed, own, await serving(honest)]) expect(await auditOf(where)).toEqual(expected);
  });

  it('cannot be audited where there is none, or nothing that is one', async () => {
    await writeFile(join(directory, 'no.tar'), 'x'.repeat(2_000));
    await writeFile(join(directory, 'no.tar.gz'), new Uint8Array([0x1f, 0x8b, 1, 2, 3]));
    for (const where of ['nowhere', 'ftp://127.0.0.1/log', join(directory, 'no.tar'), join(directory, 'no.tar.gz')])
      await expect(auditOf(where)).rejects.toThrow(CannotAudit);
    await expect(auditOf(published.log, join(directory, 'kept'))).rejects.toThrow(
      '--keep is for logs that are fetched',
    );
  });

  it('that wants to fill the disk when it is unpacked is refused', async () => {
    const bomb = join(directory, 'bomb.tar.gz');
    await writeFile(bomb, tarGz(new Map([['checkpoint', new Uint8Array(200_000_000)]])));
    await expect(auditOf(bomb)).rejects.toThrow('more than a log of its size');
  });
});

describe('an archive', () => {
  it('is read by the names in it, and nothing outside of it', async () => {
    const path = join(directory, 'names.tar.gz');
    await writeFile(path, tarGz(new Map([...log.files, ['../published-policy.txt', utf8Encode('x')]])));
    const source = await openSource(path);
    expect(await source.read('checkpoint', 1_000)).toEqual(log.files.get('checkpoint'));
    expect(await source.read('checkpoint', 10)).toBe('too_large');
    expect(await source.read('nothing', 10)).toBeUndefined();
    await source.close();
  });

  it('that is cut off is no archive', async () => {
    const plain = join(directory, 'log.tar');
    await run('tar', ['-cf', plain, '-C', directory, 'log']);
    const whole = await readFile(plain);
    const cut = join(directory, 'cut.tar');
    await writeFile(cut, whole.subarray(0, 3_000));
    await expect(auditOf(cut)).rejects.toThrow('cut off');
  });
});

describe('over http', () => {
  const pausesMilliseconds = [1, 1, 1];

  it('what does not answer is asked again, and given up in the end', async () => {
    let asked = 0;
    const url = await serving((request, response) => {
      asked += 1;
      if (asked % 3 !== 0) response.writeHead(503).end();
      else honest(request, response);
    });
    const source = urlSource(url, { pausesMilliseconds });
    expect(await source.read('checkpoint', 1_000)).toEqual(log.files.get('checkpoint'));
    expect(asked).toBe(3);
    const dead = urlSource(await serving((_, response) => void response.destroy()), { pausesMilliseconds });
    await expect(dead.read('checkpoint', 1_000)).rejects.toThrow(CannotAudit);
  });

  it('what never ends, in time or in length, is not waited for', async () => {
    const slow = urlSource(await serving(() => undefined), { timeoutMilliseconds: 50, pausesMilliseconds: [] });
    await expect(slow.read('checkpoint', 1_000)).rejects.toThrow('too long');
    const endless = await serving((_, response) => {
      const more = (): void => void (response.destroyed || response.write(new Uint8Array(65_536), more));
      more();
    });
    expect(await urlSource(endless).read('checkpoint', 100_000)).toBe('too_large');
  });

  it('a file that is not there is no fault, a status that says nothing is one', async () => {
    const source = urlSource(
      await serving((request, response) => response.writeHead(request.url?.endsWith('gone') ? 410 : 403).end()),
    );
    expect(await source.read('gone', 1_000)).toBeUndefined();
    await expect(source.read('checkpoint', 1_000)).rejects.toThrow('403');
  });

  it('a redirect is followed to the same scheme, not to another, and not without end', async () => {
    const target = await serving(honest);
    const leading = async (to: (path: string) => string): Promise<Uint8Array | 'too_large' | undefined> => {
      const url = await serving((request, response) =>
        response.writeHead(302, { location: to((request.url ?? '').replace('/log/', '')) }).end(),
      );
      return urlSource(url).read('checkpoint', 1_000);
    };
    expect(await leading((path) => `${target}${path}`)).toEqual(log.files.get('checkpoint'));
    await expect(leading((path) => `https://127.0.0.1/${path}`)).rejects.toThrow('another scheme');
    await expect(leading(() => 'file:///etc/passwd')).rejects.toThrow('another scheme');
    await expect(leading((path) => path)).rejects.toThrow('without end');
  });

  it('an audit that was interrupted goes on where it was', async () => {
    const kept = join(directory, 'kept');
    const asked: string[] = [];
    let failing = true;
    const url = await serving((request, response) => {
      asked.push(request.url ?? '');
      if (failing && request.url?.endsWith('entries/001') === true) response.writeHead(403).end();
      else honest(request, response);
    });
    await expect(auditOf(url, kept)).rejects.toThrow(CannotAudit);
    failing = false;
    const before = new Set(asked.splice(0));
    expect(before.has('/log/tile/entries/000')).toBe(true);
    expect(await auditOf(url, kept)).toEqual(await auditOf(published.log));
    expect(asked).not.toContain('/log/tile/entries/000');
    asked.splice(0);
    expect(await auditOf(url, kept)).toMatchObject({ result: 'clean' });
    expect(new Set(asked)).toEqual(new Set(['/log/checkpoint', '/log/witnessed-checkpoint']));
    // What was kept is a log in itself.
    expect(await auditOf(kept)).toMatchObject({ result: 'clean' });
    expect((await readdir(kept, { recursive: true })).filter((name) => name.includes('.part-'))).toEqual([]);
  });

  it('what was kept is checked as what is fetched', async () => {
    const kept = join(directory, 'kept');
    const url = await serving(honest);
    await auditOf(url, kept);
    await writeFile(join(kept, 'tile', '0', '000'), new Uint8Array(256 * 32));
    expect(await auditOf(url, kept)).toMatchObject({ result: 'findings', findingCounts: { tile_differs: 1 } });
  });

  it('no more is asked for at a time than was said', async () => {
    let [now, most] = [0, 0];
    const url = await serving((request, response) => {
      now += 1;
      most = Math.max(most, now);
      setImmediate(() => {
        now -= 1;
        honest(request, response);
      });
    });
    const source = keepFiles(urlSource(url, { atOnce: 3 }), join(directory, 'kept'));
    await Promise.all([...log.files.keys()].map((path) => source.read(path, 100_000)));
    expect(most).toBeLessThanOrEqual(3);
  });
});
