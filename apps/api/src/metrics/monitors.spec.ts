import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { base64Encode } from '@aidtrail/envelope';
import { ConfigProblem } from '@aidtrail/nest';
import { newSigner, startMemoryApi, type MemoryApi } from '../testing/memory-api.js';
import { readMonitorToken } from './monitor-token.js';

const TOKEN = 'a-token-of-the-operator-0123456789';

describe('what moves with each event', () => {
  let api: MemoryApi;
  afterEach(() => api.close());

  const ask = (path: string, authorization?: string) =>
    fetch(`${api.url}${path}`, authorization === undefined ? {} : { headers: { authorization } });
  const textOf = async (path: string, authorization?: string) => (await ask(path, authorization)).text();
  const appendOne = async (): Promise<void> => {
    const data = { publicKey: base64Encode(newSigner().publicKey), role: 'service' };
    expect((await api.post(api.sign('EnrollKey', data, [api.roots[0]]))).status).toBe(200);
  };

  it('is nobody’s to see where no token is set', async () => {
    api = await startMemoryApi();
    for (const authorization of [undefined, 'Bearer ', `Bearer ${TOKEN}`, 'Bearer undefined', 'Basic YTpi'])
      expect((await ask('/metrics', authorization)).status).toBe(401);
  });

  it('is a monitor’s to see, by its token alone', async () => {
    api = await startMemoryApi({ monitorToken: TOKEN });
    for (const wrong of [undefined, `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, TOKEN, `Basic ${TOKEN}`]) {
      const refused = await ask('/metrics', wrong);
      expect([refused.status, refused.headers.get('www-authenticate')]).toStrictEqual([401, 'Bearer']);
      expect(await refused.json()).toMatchObject({ code: 'monitor_token_required' });
    }
    const response = await ask('/metrics', `Bearer ${TOKEN}`);
    expect([response.status, await response.text()]).toStrictEqual([200, expect.stringContaining('aidtrail_events_appended_total')]); // prettier-ignore
  });

  it('does not show in whether the ledger is ready, but to a monitor', async () => {
    api = await startMemoryApi({ monitorToken: TOKEN });
    const before = await textOf('/ready');
    await appendOne();
    expect(await textOf('/ready')).toBe(before);
    expect(JSON.parse(before)).toStrictEqual({ ready: true, waitingFor: [], warnings: [] });
    const figures = JSON.parse(await textOf('/ready', `Bearer ${TOKEN}`)) as object;
    expect(figures).toMatchObject({ head: 2, policyLag: 2, projectorLag: 0 });
  });

  it('is for everybody to see in a demo, whose people are invented', async () => {
    api = await startMemoryApi();
    const { file } = api.system;
    await api.close();
    api = await startMemoryApi({ system: { file: { ...file, demo: true } } });
    expect(JSON.parse(await textOf('/ready'))).toMatchObject({ head: 1 });
    expect((await ask('/metrics')).status).toBe(401);
  });
});

describe('the file with a monitor’s token', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'monitor-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const read = async (text: string) => {
    const monitorTokenFile = join(folder, 'token');
    await writeFile(monitorTokenFile, text);
    return readMonitorToken({ monitorTokenFile });
  };

  it('holds it on one line', async () => {
    expect(await read(`${TOKEN}\n`)).toBe(TOKEN);
    expect(await readMonitorToken({})).toBeUndefined();
  });

  it.each(['', 'short', `${TOKEN} ${TOKEN}`, `${TOKEN}\n${TOKEN}`, 'x'.repeat(257)])(
    'keeps the server from starting with what is none, and is not repeated: %#',
    async (text) => {
      const fault = await read(text).catch((thrown: unknown) => thrown);
      expect(fault).toBeInstanceOf(ConfigProblem);
      expect((fault as Error).message).toMatch(/^AIDTRAIL_MONITOR_TOKEN_FILE: [^x]*$/);
    },
  );

  it('keeps the server from starting when it is not there', async () => {
    await expect(readMonitorToken({ monitorTokenFile: join(folder, 'nowhere') })).rejects.toThrow(ConfigProblem);
  });
});
