import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AidtrailClient } from '@aidtrail/client';
import { startMemoryApi, type MemoryApi } from '../testing/memory-api.js';

describe('POST /intakes', () => {
  let api: MemoryApi;
  beforeAll(async () => {
    const stageIntake = () => Promise.resolve({ status: 'too_many_stagings', retryAfterSeconds: 10 });
    api = await startMemoryApi({ system: { donors: { stageIntake } as never } });
  });
  afterAll(() => api.close());

  it('tells a key that stages too much at once when to send it again', async () => {
    const client = new AidtrailClient({ baseUrl: api.url, randomBytes, randomUuid: randomUUID });
    const token = await client.session(await api.enroll('channel', undefined, { organisation: randomUUID() }));
    const response = await fetch(`${api.url}/intakes?intake=${randomUUID()}&fund=${randomUUID()}&channel=bank`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${token}` },
      body: '{"paymentReference":"p","amountMinor":1}\n',
    });
    expect([response.status, response.headers.get('retry-after')]).toStrictEqual([429, '10']);
    expect(await response.json()).toMatchObject({ code: 'too_many_requests', final: false });
  });
});
