import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { utf8Encode } from '@aidtrail/envelope';
import { publishLog, witnessesForSpecs, writePublishedLog } from '@aidtrail/testing/published-log';
import { runAudit } from '../run-audit.js';
import { makeKit } from './make-kit.js';

const workerScript = new URL('../../dist/work/sodium-worker.js', import.meta.url);
const entries = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => utf8Encode(`entry ${i}`));
const published = (size: number) =>
  publishLog(entries(size), { origin: 'log.example/specs', witnesses: witnessesForSpecs(2) });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aidtrail-kit-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Serves a log that has grown once its checkpoint was read; the partial tiles of full ones are gone then. */
async function serveGrowing(): Promise<{ readonly url: string; close(): void }> {
  const [before, after] = [published(300), published(600)];
  const upper = 'tile/1/000.p/1';
  const grown = new Map([...after.files, [upper, before.files.get(upper) as Uint8Array]]);
  let files: ReadonlyMap<string, Uint8Array> = before.files;
  const server = createServer(({ url = '' }, response) => {
    const bytes = files.get(url.slice(1));
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
    if (url === '/checkpoint') files = grown;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  return { url: `http://127.0.0.1:${port}/`, close: () => void server.close() };
}

describe('a kit', () => {
  it('is whole, though the log grows while it is packed', async () => {
    const { policy } = await writePublishedLog(join(folder, 'published'), published(300));
    const log = await serveGrowing();
    const to = join(folder, 'kit.tar.gz');
    const program = new URL('./make-kit.spec.ts', import.meta.url);
    expect(await makeKit({ log: log.url, policyFile: policy, to, program })).toBe(300);
    log.close();
    const { report } = await runAudit({ log: to, policyFile: policy, merkleOnly: true }, { workerScript });
    expect(report).toMatchObject({
      result: 'clean',
      checkpoint: { size: 300, hasRoot: true },
      witnessed: { size: 300 },
    });
  });
});
