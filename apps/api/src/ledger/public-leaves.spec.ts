import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sodiumSigner } from '@aidtrail/crypto-node';
import { base64DecodeOrThrow, base64Encode, parseLeafOrThrow } from '@aidtrail/envelope';
import type { LogStatus } from '@aidtrail/nest';
import { startMemoryApi, type MemoryApi } from '../testing/memory-api.js';

describe('the public leaves', () => {
  let api: MemoryApi;
  beforeEach(async () => {
    api = await startMemoryApi();
  });
  afterEach(() => api.close());

  const leaves = async (query = ''): Promise<readonly { readonly position: number; readonly leaf: string }[]> => {
    const response = await fetch(`${api.url}/events${query}`);
    expect(response.status).toBe(200);
    const lines = (await response.text()).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as { position: number; leaf: string });
  };
  const statusOf = async (position: number) => (await fetch(`${api.url}/events/${position}`)).status;

  it('are said to be witnessed up to the size that met the quorum, and only accepted beyond', async () => {
    const witnessing = async (position: number): Promise<unknown> =>
      ((await (await fetch(`${api.url}/events/${position}`)).json()) as { readonly witnessed: string }).witnessed;
    let answer: LogStatus = { publishedSize: 3, quorum: 'none', witnesses: [] };
    api.system.log.status = () => answer;
    await api.enroll('service');
    await api.system.ledger.checkpoint({ force: true });
    expect(await witnessing(0)).toBe('accepted, no witnesses asked');
    answer = { publishedSize: 3, quorum: 'north', witnesses: [] };
    expect(await witnessing(0)).toBe('accepted, not yet witnessed');
    answer = { publishedSize: 3, witnessedSize: 2, quorum: 'north', witnesses: [] };
    expect([await witnessing(0), await witnessing(1), await witnessing(2)]).toEqual([
      'witnessed',
      'witnessed',
      'accepted, not yet witnessed',
    ]);
  });

  it('are none before the first checkpoint', async () => {
    expect(await api.store.head()).toBe(1);
    expect(await leaves()).toEqual([]);
    expect(await statusOf(0)).toBe(404);
  });

  it('are those below the newest signed checkpoint, and a leaf of the present slot looks like one that is not there', async () => {
    await api.enroll('service');
    await api.system.ledger.checkpoint({ force: true });
    await api.enroll('registrar', 'registrar-1');
    expect(await api.store.head()).toBe(5);
    expect((await leaves()).map(({ position }) => position)).toEqual([0, 1, 2]);
    expect((await leaves('?from=1&limit=1')).map(({ position }) => position)).toEqual([1]);
    expect(await leaves('?from=3')).toEqual([]);
    expect(await leaves(`?from=${Number.MAX_SAFE_INTEGER - 1}`)).toEqual([]);
    expect(await Promise.all([2, 3, 4, 5].map(statusOf))).toEqual([200, 404, 404, 404]);
    const [notYet, never] = await Promise.all([4, 5_000].map((position) => fetch(`${api.url}/events/${position}`)));
    expect(await notYet?.text()).toBe(await never?.text());
    await api.system.ledger.checkpoint({ force: true });
    const last = (await leaves()).at(-1);
    expect(last?.position).toBe(4);
    expect(parseLeafOrThrow(base64DecodeOrThrow(last?.leaf ?? '')).type).toBe('KeyApproved');
  });

  it('that brought in a key of the ledger are named, once they are public', async () => {
    const named = async (): Promise<unknown> =>
      ((await (await fetch(`${api.url}/ledger`)).json()) as { readonly eventKeyLeaves: unknown }).eventKeyLeaves;
    expect(await named()).toEqual([]);
    await api.enroll('service');
    await api.system.ledger.checkpoint({ force: true });
    expect(await named()).toEqual([0]);
    const publicKey = base64Encode(sodiumSigner(randomBytes(32)).publicKey);
    expect((await api.post(api.sign('RotateEventKey', { publicKey }, api.roots))).status).toBeLessThan(300);
    expect(await named()).toEqual([0]);
    await api.system.ledger.checkpoint({ force: true });
    expect(await named()).toEqual([0, 3]);
  });
});
