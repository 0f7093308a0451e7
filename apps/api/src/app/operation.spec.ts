import { afterEach, describe, expect, it } from '@jest/globals';
import { base64Encode, encodeCommandEnvelope } from '@aidtrail/envelope';
import { StoreUnavailable, type EventStore } from '@aidtrail/event-store';
import { createLogger } from '@aidtrail/nest';
import { newSigner, postJson, startMemoryApi, type MemoryApi } from '../testing/memory-api.js';

/** The same store with some methods exchanged. */
function instead(store: EventStore, methods: Partial<EventStore>): EventStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (Object.hasOwn(methods, name)) return methods[name as keyof EventStore];
      const member = Reflect.get(target, name) as unknown;
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

describe('operation', () => {
  let api: MemoryApi;
  afterEach(() => api.close());

  const enrolment = () =>
    api.sign('EnrollKey', { publicKey: base64Encode(newSigner().publicKey), role: 'service' }, [api.roots[0]]);

  describe.each([
    ['lost', false],
    ['stored, but the answer was lost', true],
  ])('when the store goes away and the append is %s', (_name, isStored) => {
    it('answers 503 with Retry-After, and the same bytes sent again are recorded once', async () => {
      let failures = 0;
      api = await startMemoryApi({
        wrapStore: (store) =>
          instead(store, {
            append: async (request) => {
              if (failures === 0) return store.append(request);
              failures -= 1;
              if (isStored) await store.append(request);
              throw new StoreUnavailable('postgres://user:secret@host is gone');
            },
          }),
      });
      const command = enrolment();
      const head = await api.store.head();
      failures = 1;
      const failed = await api.post(command);
      expect(failed.status).toBe(503);
      expect(failed.headers.get('retry-after')).toBe('1');
      const problem = await failed.text();
      expect(JSON.parse(problem)).toMatchObject({ code: 'store_unavailable', final: false });
      expect(problem).not.toContain('secret');
      const again = await api.post(command);
      expect(again.status).toBe(200);
      expect(again.headers.get('aidtrail-repeated')).toBe(isStored ? 'true' : null);
      expect(await api.store.head()).toBe(head + 1);
    });
  });

  it('answers 503 with Retry-After when others are always first, and takes the same bytes once they are not', async () => {
    let isContended = false;
    api = await startMemoryApi({
      wrapStore: (store) =>
        instead(store, {
          append: (request) =>
            isContended
              ? Promise.resolve({ status: 'version_conflict', actualVersion: request.expectedVersion + 1 })
              : store.append(request),
        }),
    });
    const command = enrolment();
    isContended = true;
    const failed = await api.post(command);
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await failed.json()).toMatchObject({
      code: 'stream_contended',
      final: false,
      en: expect.stringMatching(/same id/),
      zh: expect.stringMatching(/同一编号/),
    });
    isContended = false;
    expect((await api.post(command)).status).toBe(200);
  });

  it('finishes a request in flight when it is told to stop, and takes no new one', async () => {
    let proceed: () => void = () => undefined;
    let reached: () => void = () => undefined;
    let isHeld = false;
    const atStore = new Promise<void>((resolve) => (reached = resolve));
    const released = new Promise<void>((resolve) => (proceed = resolve));
    api = await startMemoryApi({
      wrapStore: (store) =>
        instead(store, {
          append: async (request) => {
            if (isHeld) {
              reached();
              await released;
            }
            return store.append(request);
          },
        }),
    });
    const command = enrolment();
    isHeld = true;
    const inFlight = api.post(command);
    await atStore;
    const closing = api.close();
    await expect(fetch(`${api.url}/health`)).rejects.toThrow();
    proceed();
    expect((await inFlight).status).toBe(200);
    await closing;
    expect(await api.store.outcomeOf(command.body.id)).toMatchObject({ kind: 'accepted' });
  });

  it('logs each request by its template and never what was in it', async () => {
    const lines: string[] = [];
    const logger = createLogger('trace', { write: (line) => void lines.push(line) });
    const donors = {
      donationByTraceCode: () => Promise.reject(new Error('no donation of 王小明 with TRACE-SECRET-CODE')),
    } as never;
    api = await startMemoryApi({ logger, system: { donors } });
    await postJson(`${api.url}/traces?phone=13800138000`, '{"traceCode":"TRACE-SECRET-CODE"}');
    await fetch(`${api.url}/traces/TRACE-SECRET-CODE`);
    await fetch(`${api.url}/unknown/430102199001010011`);
    await postJson(`${api.url}/commands`, '{"name":"王小明"}', { authorization: `Bearer ${'S'.repeat(43)}` });
    await api.post(enrolment());
    const body = JSON.stringify({ ...encodeCommandEnvelope(enrolment()), name: '王小明' });
    const headers = { 'content-type': 'application/x-ndjson' };
    await (await fetch(`${api.url}/commands/bulk`, { method: 'POST', body, headers })).text();
    const requests = () => lines.map((line) => JSON.parse(line) as { route?: string; status?: number; msg: string });
    expect(requests().filter(({ msg }) => msg === 'request')).toMatchObject([
      { route: '/traces', status: 500 },
      { route: 'none', status: 404 },
      { route: 'none', status: 404 },
      { route: '/commands', status: 400 },
      { route: '/commands', status: 200 },
      { route: '/commands/bulk', status: 200 },
    ]);
    const all = lines.join('');
    expect(all).not.toMatch(/王小明|TRACE-SECRET-CODE|13800138000|430102199001010011|SSSS|payload/);
    const [fault] = requests().filter(({ msg }) => msg === 'fault');
    expect(fault).toMatchObject({ fault: 'Error', at: expect.any(Array), requestId: expect.any(String) });
  });

  it('is ready while only those who follow are behind, and says so', async () => {
    api = await startMemoryApi({
      wrapStore: (store) => instead(store, { head: () => Promise.resolve(9_000) }),
      system: { projector: { position: () => Promise.resolve(3_999) } as never },
    });
    const ready = await fetch(`${api.url}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ ready: true, waitingFor: [], warnings: ['policies', 'projector'] });
  });

  it('is not ready where it can take no commands, says what it waits for, and is alive all the same', async () => {
    api = await startMemoryApi({ system: { database: { look: () => Promise.reject(new Error('secret')) } } });
    expect((await fetch(`${api.url}/health`)).status).toBe(200);
    const ready = await fetch(`${api.url}/ready`);
    expect([ready.status, ready.headers.has('retry-after')]).toEqual([503, true]);
    const problem = await ready.text();
    expect(JSON.parse(problem)).toMatchObject({ code: 'not_ready', waitingFor: ['database'], warnings: [] });
    expect(problem).not.toContain('secret');
  });
});
