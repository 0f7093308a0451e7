import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AidtrailClient } from '@aidtrail/client';
import type { Signer } from '@aidtrail/envelope';
import { createLogger } from '@aidtrail/nest';
import { createPeopleRegistry, readIdentityNumber, type PeopleRegistry } from '@aidtrail/privacy';
import { testDatabase } from '@aidtrail/testing';
import { startMemoryApi, type MemoryApi } from './memory-api.js';

/** The API with a registry of people that is real, and a programme with a campaign in a ledger in memory. */
export interface RegistryApi {
  readonly api: MemoryApi;
  readonly people: PeopleRegistry;
  readonly programme: string;
  readonly campaign: string;
  /** All that was logged so far. */
  logged(): string;
  /** Sends a body as somebody with a session. */
  post(path: string, body: string | object, reader: Signer): Promise<Response>;
  close(): Promise<void>;
}

export async function startRegistryApi(): Promise<RegistryApi> {
  const directory = await mkdtemp(join(tmpdir(), 'registry-api-'));
  const database = await testDatabase();
  const people = await createPeopleRegistry({
    connectionString: database.connectionString,
    masterKey: randomBytes(32),
    peppers: [{ version: 1, key: randomBytes(32) }],
    erasureListFile: join(directory, 'erasures.jsonl'),
    randomBytes,
    now: () => new Date('2026-11-23T08:00:00Z'),
  });
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line: string) => lines.push(line) });
  const api = await startMemoryApi({ logger, system: { people } });
  const client = new AidtrailClient({ baseUrl: api.url, randomBytes, randomUuid: randomUUID });
  return {
    api,
    people,
    ...(await openCampaign(api)),
    logged: () => lines.join(''),
    post: async (path, body, reader) => {
      const type = typeof body === 'string' ? 'text/csv' : 'application/json';
      const headers = { 'content-type': type, authorization: `Bearer ${await client.session(reader)}` };
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return fetch(`${api.url}${path}`, { method: 'POST', headers, body: text });
    },
    close: async () => {
      await api.close();
      await people.close();
      await database.drop();
      await rm(directory, { recursive: true });
    },
  };
}

async function openCampaign(api: MemoryApi): Promise<{ readonly programme: string; readonly campaign: string }> {
  const [programme, campaign, fund, administrationFund] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const officer = await api.enroll('programme', 'programme-1');
  const finance = await api.enroll('finance', 'finance-1');
  const accept = async (type: string, data: object, by: Signer): Promise<void> => {
    const response = await api.post(api.sign(type, data, [by]));
    if (!response.ok) throw new Error(await response.text());
  };
  await accept('OpenProgramme', { programme, name: 'Relief', approvalTiers: [{ approvals: 1 }] }, officer);
  const money = { currency: 'CNY', feeBasisPoints: 0 };
  await accept('OpenFund', { fund: administrationFund, kind: 'administration', name: 'Office', ...money }, finance);
  const earmarked = { fund, kind: 'campaign', name: 'Flood', programme, administrationFund, ...money };
  await accept('OpenFund', earmarked, finance);
  const of = { phase: 'recovery', hazard: 'flood', region: '430100', purpose: 'food', name: 'Flood' };
  const days = { firstDay: '2026-11-01', lastDay: '2026-12-31' };
  const terms = { ...days, fundingMode: 'merchant-funded', assistedAllowed: true };
  await accept('OpenCampaign', { campaign, programme, fund, ...of, terms }, officer);
  return { programme, campaign };
}

/** The resident identity number of these seventeen digits (GB 11643-1999). */
export function identityNumberOf(first17: string): string {
  const whole = Array.from('0123456789X', (check) => first17 + check);
  const number = whole.find((one) => !('fault' in readIdentityNumber(one, '', '2026-11-23')));
  if (number === undefined) throw new Error('No check character makes a number of these digits.');
  return number;
}
