import { afterEach, describe, expect, it } from '@jest/globals';
import { encodeCommandEnvelope, type SignedCommand, type Signer } from '@aidtrail/envelope';
import { startMemoryApi, type MemoryApi } from '../testing/memory-api.js';

/** 2026-11-02, 23:59:59 in the ledger's time zone, eight hours ahead of UTC. */
const BEFORE_MIDNIGHT = Date.UTC(2026, 10, 2, 15, 59, 59);

describe('a day that has not begun where the ledger is', () => {
  let api: MemoryApi;
  let now = BEFORE_MIDNIGHT;
  let service: Signer;
  afterEach(() => api.close());

  const open = async (calendar: 'clock' | 'free') => {
    now = BEFORE_MIDNIGHT;
    api = await startMemoryApi({ clock: () => now, system: { calendar } });
    service = await api.enroll('service');
  };
  const starting = (day: unknown) => api.sign('StartDay', { day }, [service]);
  const answerTo = async (command: SignedCommand) => {
    const response = await api.post(command);
    const { code, final } = (await response.json()) as { readonly code?: string; readonly final?: boolean };
    return { status: response.status, code, final };
  };

  it('is rejected without a record, and accepted with the same bytes once it has begun', async () => {
    await open('clock');
    const tomorrow = starting('2026-11-03');
    expect(await answerTo(tomorrow)).toEqual({ status: 409, code: 'day_not_begun', final: false });
    expect(await api.store.outcomeOf(tomorrow.body.id)).toBeUndefined();
    now += 1_000;
    expect(await answerTo(tomorrow)).toMatchObject({ status: 200 });
  });

  it('lets today and days that were left out begin, and leaves to the ledger what is no day', async () => {
    await open('clock');
    expect(await answerTo(starting('2026-11-02'))).toMatchObject({ status: 200 });
    expect(await answerTo(starting('2026-10-31'))).toMatchObject({ code: 'day_not_later', final: true });
    for (const day of ['9', 'tomorrow', 20261231])
      expect(await answerTo(starting(day))).toMatchObject({ status: 400, code: 'schema' });
  });

  it('is not let in by a bulk upload either', async () => {
    await open('clock');
    const body = JSON.stringify(encodeCommandEnvelope(starting('2027-01-01')));
    const headers = { 'content-type': 'application/x-ndjson' };
    const response = await fetch(`${api.url}/commands/bulk`, { method: 'POST', body, headers });
    expect(await response.json()).toMatchObject({ line: 1, status: 409, problem: { code: 'day_not_begun' } });
  });

  it('may begin where the calendar is free, and everybody can see that it is', async () => {
    await open('free');
    expect(await (await fetch(`${api.url}/ledger`)).json()).toMatchObject({ calendar: 'free' });
    expect(await answerTo(starting('2027-01-01'))).toMatchObject({ status: 200 });
  });
});
