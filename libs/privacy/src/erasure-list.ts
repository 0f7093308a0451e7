import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isUuid } from '@aidtrail/envelope';

/** Why something was erased; a closed list, because free text could bring back what was erased. */
export const erasureReasons = [
  'subject_request',
  'consent_withdrawn',
  'purpose_met',
  'entered_by_mistake',
  'legal_order',
] as const;
export type ErasureReason = (typeof erasureReasons)[number];

/** `person`: everything; `donor-contact`: name and contact of a donor; `donation-key`: all that is readable of a donation. */
export type ErasureKind = 'person' | 'donor-contact' | 'donation-key';

export interface Erasure {
  readonly kind: ErasureKind;
  readonly id: string;
  /** UTC day, `YYYY-MM-DD`. */
  readonly date: string;
  readonly reason: ErasureReason;
}

/**
 * The list of erasures: a file outside the database and outside its backups, one JSON object a line, only ever appended
 * to. After a backup is restored the list is applied again, so that what was erased stays erased.
 */
export interface ErasureList {
  /** Durable (fsync of file and, for a new file, its directory) when it resolves. */
  append(erasure: Erasure): Promise<void>;
  /** Every erasure, oldest first. Throws when a line is neither an erasure nor the torn end of a crashed append. */
  readAll(): Promise<readonly Erasure[]>;
}

export function openErasureList(file: string): ErasureList {
  return {
    async append(erasure) {
      const { kind, id, date, reason } = erasure;
      // The line end comes first as well: after a torn line the next record still starts on its own line.
      const line = `\n${JSON.stringify({ v: 1, kind, id, date, reason })}\n`;
      const handle = await open(file, 'a', 0o600);
      try {
        await handle.appendFile(line);
        await handle.sync();
      } finally {
        await handle.close();
      }
      const directory = await open(dirname(file), 'r');
      try {
        await directory.sync();
      } finally {
        await directory.close();
      }
    },
    async readAll() {
      const text = await readIfThere(file);
      const erasures: Erasure[] = [];
      for (const [index, line] of text.split('\n').entries()) {
        // A torn line was never acknowledged, and nothing was erased because of it: the list is written first.
        if (line === '' || isTorn(line)) continue;
        erasures.push(parseErasureOrThrow(line, index + 1));
      }
      return erasures;
    },
  };
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ENOENT') return '';
    throw error;
  }
}

const lineStart = '{"v":1,"kind":"';

function isTorn(line: string): boolean {
  return !line.endsWith('}') && (line.startsWith(lineStart) || lineStart.startsWith(line));
}

function parseErasureOrThrow(line: string, lineNumber: number): Erasure {
  const match =
    /^\{"v":1,"kind":"(person|donor-contact|donation-key)","id":"([0-9a-f-]{36})","date":"(\d{4}-\d\d-\d\d)","reason":"([a-z_]+)"\}$/.exec(
      line,
    );
  const [, kind, id, date, reason] = match ?? [];
  if (date === undefined || !isUuid(id) || !isErasureReason(reason)) {
    throw new Error(`Line ${lineNumber} of the list of erasures is damaged; restore the list before serving.`);
  }
  return { kind: kind as ErasureKind, id, date, reason };
}

export function isErasureReason(value: unknown): value is ErasureReason {
  return erasureReasons.some((reason) => reason === value);
}
