import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AidtrailClient } from '@aidtrail/client';
import type { Signer } from '@aidtrail/envelope';
import { startMemoryApi, type MemoryApi } from '../testing/memory-api.js';

describe('GET /intakes/:id/trace-codes', () => {
  let api: MemoryApi;
  let client: AidtrailClient;
  const [intake, forgotten, organisation] = [randomUUID(), randomUUID(), randomUUID()];
  const asked: unknown[] = [];
  let stagedBy: Signer;

  beforeAll(async () => {
    api = await startMemoryApi({
      system: {
        donors: {
          intakeOwner: (id: string) =>
            Promise.resolve(id === intake ? { fundId: 'f', stagedBy: stagedBy.keyId } : id === forgotten ? { fundId: 'f' } : undefined), // prettier-ignore
          traceCodes: (...page: unknown[]) => {
            asked.push(page);
            return Promise.resolve([{ number: 7, donationId: 'd', traceCode: 'CODE-7' }, { number: 8, donationId: 'e' }]); // prettier-ignore
          },
        } as never,
      },
    });
    client = new AidtrailClient({ baseUrl: api.url, randomBytes, randomUuid: randomUUID });
    stagedBy = await api.enroll('channel', undefined, { organisation });
  });
  afterAll(() => api.close());

  const ask = async (id: string, signer: Signer, query = '') => {
    const headers = { authorization: `Bearer ${await client.session(signer)}` };
    return fetch(`${api.url}/intakes/${id}/trace-codes${query}`, { headers });
  };
  const codeOf = async (response: Response) => ((await response.json()) as { readonly code: string }).code;

  it('gives a page to the channel that staged the intake, with one question to the register', async () => {
    const response = await ask(intake, stagedBy, '?from=7&limit=2');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toBe('{"number":7,"traceCode":"CODE-7"}\n{"number":8,"erased":true}\n');
    expect(asked.splice(0)).toEqual([[intake, 7, 2]]);
    await ask(intake, stagedBy);
    expect(asked.splice(0)).toEqual([[intake, 0, 1_000]]);
  });

  it('goes on for a later key of the same organisation, and for finance', async () => {
    for (const reader of [
      await api.enroll('channel', undefined, { organisation }),
      await api.enroll('finance', 'fin-1'),
    ]) {
      expect((await ask(intake, reader)).status).toBe(200);
    }
    expect((await ask(forgotten, await api.enroll('finance', 'fin-2'))).status).toBe(200);
  });

  it('gives nothing to another channel', async () => {
    asked.length = 0;
    const strangers = [
      await api.enroll('channel', undefined, { organisation: randomUUID() }),
      await api.enroll('channel'),
    ];
    for (const stranger of strangers) {
      for (const id of [intake, forgotten]) {
        const response = await ask(id, stranger);
        expect([response.status, await codeOf(response)]).toEqual([403, 'reader_out_of_scope']);
      }
    }
    expect(asked).toEqual([]);
  });

  it.each(['?limit=0', '?limit=1001', '?from=-1', '?from=1e3', '?page=2'])('takes no %s', async (query) => {
    const response = await ask(intake, stagedBy, query);
    expect([response.status, await codeOf(response)]).toEqual([400, 'query_invalid']);
  });

  it('says that there is nothing where nothing was staged', async () => {
    expect((await ask(randomUUID(), stagedBy)).status).toBe(404);
  });
});
