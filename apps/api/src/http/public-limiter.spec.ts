import { afterEach, describe, expect, it } from '@jest/globals';
import { base64Encode } from '@aidtrail/envelope';
import { newSigner, startMemoryApi, type MemoryApi } from '../testing/memory-api.js';

describe('how often one address may ask', () => {
  let api: MemoryApi;
  afterEach(() => api.close());

  const ask = (path: string, from?: string, init: RequestInit = {}) =>
    fetch(`${api.url}${path}`, { ...init, ...(from === undefined ? {} : { headers: { 'x-forwarded-for': from } }) });
  const statuses = async (paths: readonly string[], from?: string) => {
    const seen: number[] = [];
    for (const path of paths) {
      const response = await ask(path, from);
      await response.text();
      seen.push(response.status);
    }
    return seen;
  };
  const challenge = () =>
    ask('/sessions/challenges', undefined, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });

  it('is counted over all public routes together, and answered with when to come again', async () => {
    api = await startMemoryApi({ publicRequestsPerMinute: 3 });
    expect(await statuses(['/ledger', '/events', '/events/0', '/ledger'])).toEqual([200, 200, 404, 429]);
    for (const refused of [await ask('/log/checkpoint'), await challenge()]) {
      expect(refused.status).toBe(429);
      expect(refused.headers.get('content-type')).toContain('application/problem+json');
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
      const problem = (await refused.json()) as Record<string, unknown>;
      expect(problem).toMatchObject({ status: 429, code: 'too_many_requests', final: false });
      expect([problem['zh'], problem['en']]).toEqual([expect.stringMatching(/请/), expect.stringMatching(/[Ww]ait/)]);
    }
  });

  it('does not count commands, nor what a monitor asks', async () => {
    api = await startMemoryApi({ publicRequestsPerMinute: 1 });
    expect(await statuses(['/ledger', '/ledger'])).toEqual([200, 429]);
    expect(await statuses(['/health', '/ready', '/metrics', '/health'])).toEqual([200, 200, 401, 200]);
    for (let i = 0; i < 3; i += 1) {
      const data = { publicKey: base64Encode(newSigner().publicKey), role: 'service' };
      expect((await api.post(api.sign('EnrollKey', data, [api.roots[0]]))).status).toBe(200);
    }
  });

  it('is that of whoever asks, where a web server in front is trusted to say who', async () => {
    api = await startMemoryApi({ publicRequestsPerMinute: 1, trustedProxies: ['127.0.0.0/8'] });
    expect(await statuses(['/ledger', '/ledger'], '203.0.113.5')).toEqual([200, 429]);
    expect(await statuses(['/ledger'], '203.0.113.6')).toEqual([200]);
    expect(await statuses(['/ledger', '/ledger'], '2001:db8::1')).toEqual([200, 429]);
    // One customer of a network provider has all of a network of 64 bits.
    expect(await statuses(['/ledger'], '2001:db8::2')).toEqual([429]);
    expect(await statuses(['/ledger'], '2001:db8:0:1::1')).toEqual([200]);
  });

  it('is not what a stranger claims', async () => {
    api = await startMemoryApi({ publicRequestsPerMinute: 1 });
    expect(await statuses(['/ledger'], '203.0.113.5')).toEqual([200]);
    expect(await statuses(['/ledger'], '203.0.113.6')).toEqual([429]);
  });

  it('has no end where no limit is set', async () => {
    api = await startMemoryApi();
    expect(new Set(await statuses(Array.from({ length: 700 }, () => '/ledger')))).toEqual(new Set([200]));
  });
});
