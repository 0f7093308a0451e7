import { afterEach, describe, expect, it } from '@jest/globals';
import type { LogStatus } from '@aidtrail/nest';
import { tilePath, type TileId } from '@aidtrail/public-log';
import { startMemoryApi, type MemoryApi } from '../testing/memory-api.js';

let api: MemoryApi;
afterEach(() => api.close());

const status: LogStatus = {
  publishedSize: 12,
  witnessedSize: 9,
  quorum: '1 of (north, south)',
  witnesses: [
    { name: 'north', vkey: 'north+1+2', state: 'current', cosignedSize: 12, cosignedAt: '2026-06-01T00:00:00Z' },
    {
      name: 'south',
      vkey: 'south+1+2',
      state: 'failing',
      fault: 'too_slow',
      independent: false,
      label: 'not independent',
    },
  ],
};

/** A published log of two tiles and a checkpoint; what is asked of it is kept. */
async function startWithLog(note: string | undefined): Promise<readonly string[]> {
  const asked: string[] = [];
  const files = new Map([
    ['tile/0/000.p/3', Uint8Array.of(1, 2, 3)],
    ['tile/entries/x001/234', Uint8Array.of(0, 1, 9)],
  ]);
  const tile = (id: TileId) => {
    asked.push(tilePath(id));
    return Promise.resolve(files.get(tilePath(id)));
  };
  const checkpoint = () => Promise.resolve(note);
  const witnessedCheckpoint = () => Promise.resolve(note === undefined ? undefined : `${note}witnessed\n`);
  const policy = () => Promise.resolve(note === undefined ? undefined : Buffer.from('quorum none\n'));
  api = await startMemoryApi({
    system: { log: { checkpoint, witnessedCheckpoint, tile, status: () => status, policy } },
  });
  return asked;
}

describe('the public log over HTTP', () => {
  it('gives the published checkpoint to anybody, on any site, and never from a cache', async () => {
    await startWithLog('log.example\n3\nroot\n\n\u2014 log.example sig\n');
    const response = await fetch(`${api.url}/log/checkpoint`);
    expect(await response.text()).toBe('log.example\n3\nroot\n\n\u2014 log.example sig\n');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('has none before the first is published', async () => {
    await startWithLog(undefined);
    expect((await fetch(`${api.url}/log/checkpoint`)).status).toBe(404);
  });

  it('gives the policy to anybody as it lies in the folder, and none where there is none', async () => {
    await startWithLog('note\n');
    const response = await fetch(`${api.url}/log/policy`);
    expect(await response.text()).toBe('quorum none\n');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    await api.close();
    await startWithLog(undefined);
    expect((await fetch(`${api.url}/log/policy`)).status).toBe(404);
  });

  it('gives the newest checkpoint that witnesses have cosigned in the same way, and none before there is one', async () => {
    await startWithLog('note\n');
    const response = await fetch(`${api.url}/log/witnessed-checkpoint`);
    expect(await response.text()).toBe('note\nwitnessed\n');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    await api.close();
    await startWithLog(undefined);
    expect((await fetch(`${api.url}/log/witnessed-checkpoint`)).status).toBe(404);
  });

  it('says how far it is published and witnessed, and how each witness stands', async () => {
    await startWithLog('note');
    const response = await fetch(`${api.url}/log/status`);
    expect(await response.json()).toEqual(status);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it.each([
    ['tile/0/000.p/3', [1, 2, 3]],
    ['tile/entries/x001/234', [0, 1, 9]],
  ])('gives %s as bytes that never change', async (path, bytes) => {
    await startWithLog('note');
    const response = await fetch(`${api.url}/log/${path}`);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual(bytes);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('compresses entries for who asks, hash tiles for nobody, and tells caches apart', async () => {
    await startWithLog('note');
    const encodingOf = async (path: string, accepted: string) => {
      const { headers } = await fetch(`${api.url}/log/${path}`, { headers: { 'accept-encoding': accepted } });
      return [headers.get('content-encoding'), headers.get('vary')];
    };
    expect(await encodingOf('tile/entries/x001/234', 'br, gzip')).toEqual(['gzip', 'accept-encoding']);
    expect(await encodingOf('tile/entries/x001/234', 'identity')).toEqual([null, 'accept-encoding']);
    expect(await encodingOf('tile/0/000.p/3', 'gzip')).toEqual([null, null]);
  });

  it('answers 404 for a tile that is not there', async () => {
    await startWithLog('note');
    expect((await fetch(`${api.url}/log/tile/0/001`)).status).toBe(404);
  });

  it.each([
    'tile/0/000.p/256',
    'tile/64/000',
    'tile/0/x000/000',
    'tile/0/%2e%2e/%2e%2e/ledger.json',
    'tile/..%2f..%2fkeys%2fevent.key',
    'tile/0/000%00',
    'tile/',
  ])('never looks for %s, which names no tile', async (path) => {
    const asked = await startWithLog('note');
    expect((await fetch(`${api.url}/log/${path}`)).status).toBe(404);
    expect(asked).toEqual([]);
  });
});
