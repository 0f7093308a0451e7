import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { RandomBytes } from './crypto/random-source.js';
import type { Access } from './people/access.js';
import type { PeopleRegistry } from './people/people-registry.js';
import { chineseRoster, inventedId } from './roster/roster.examples.js';

export const programmeId = '6a1f0c52-6c0e-4d0c-9d0e-0f6c2b9d4a01';
export const campaignId = '7b2e1d63-7d1f-4e1d-8e1f-1a7d3cae5b02';
export const otherCampaignId = '7b2e1d63-7d1f-4e1d-8e1f-1a7d3cae5b03';
export const partnerId = '8c3f2e74-8e20-4f2e-9f20-2b8e4dbf6c04';
export const batchId = '9d403f85-9f31-4a3f-8a31-3c9f5ec07d05';

export const access: Access = {
  purpose: 'distribution',
  readerKeyId: 'ab'.repeat(32),
  caseReference: 'CASE-2026-0017',
};

/** Random-looking bytes that are the same in every run; each source its own seed. */
export function seededBytes(seed: string): RandomBytes {
  let block = 0;
  return (length) => {
    const parts: Buffer[] = [];
    for (let size = 0; size < length; size += 32) {
      parts.push(createHash('sha256').update(`${seed}:${block}`).digest());
      block += 1;
    }
    return new Uint8Array(Buffer.concat(parts).subarray(0, length));
  };
}

export interface TestRegister {
  readonly pool: pg.Pool;
  readonly erasureListFile: string;
  /** What both registers are opened with; `seed` keeps two instances from drawing the same ids. */
  options(seed: string): {
    readonly pool: pg.Pool;
    readonly masterKey: Uint8Array;
    readonly erasureListFile: string;
    readonly randomBytes: RandomBytes;
    readonly now: () => Date;
  };
  end(): Promise<void>;
}

export async function openTestRegister(connectionString: string, connections = 6): Promise<TestRegister> {
  const directory = await mkdtemp(join(tmpdir(), 'aidtrail-privacy-'));
  const pool = new pg.Pool({ connectionString, max: connections });
  pool.on('error', () => undefined);
  const erasureListFile = join(directory, 'erasures.jsonl');
  return {
    pool,
    erasureListFile,
    options: (seed) => ({
      pool,
      masterKey: new Uint8Array(32).fill(7),
      erasureListFile,
      randomBytes: seededBytes(seed),
      now: () => new Date('2026-11-23T08:00:00Z'),
    }),
    async end() {
      await pool.end();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export const peppers = [
  { version: 1, key: new Uint8Array(32).fill(21) },
  { version: 2, key: new Uint8Array(32).fill(22) },
];

/** A roster file of `count` invented households, numbered from `first`. */
export function rosterFile(count: number, first = 0): Uint8Array {
  const villages = ['上坝村', '河口社区', '云岭村'];
  const groups = ['老人', '母婴', '残疾人', '儿童'];
  const lines = Array.from({ length: count }, (_, offset) => {
    const n = first + offset;
    const born = `19${50 + (Math.floor(n / 28_000) % 40)}${String((Math.floor(n / 1000) % 12) + 1).padStart(2, '0')}${String((Math.floor(n / 12_000) % 28) + 1).padStart(2, '0')}`;
    const id = inventedId('522632', born, n % 1000);
    return `${inventedName(n)},${id},138${String(n).padStart(8, '0')},${villages[n % 3] ?? ''},${groups[n % 4] ?? ''}`;
  });
  return new TextEncoder().encode(chineseRoster(lines));
}

export function inventedName(n: number): string {
  const parts = '禾溪岭月青石云舟竹枫';
  return `石${parts.charAt(n % 10)}${parts.charAt(Math.floor(n / 10) % 10)}`;
}

/** Imports a roster of `count` households and returns its id. */
export async function importedRoster(registry: PeopleRegistry, count: number, first = 0): Promise<string> {
  const bytes = rosterFile(count, first);
  const result = await registry.importRoster({ bytes, programmeId, campaignId, importedBy: 'officer-one' });
  if (result.status !== 'imported') throw new Error(`the example roster was not imported: ${result.status}`);
  return result.rosterId;
}
