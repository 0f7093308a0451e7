import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigProblem } from './config.js';

/** What an administrative division is called. Only a label: the ledger signs the code. */
export interface DivisionName {
  readonly zh: string;
  readonly en?: string | undefined;
}

/** By code (GB/T 2260), 6 digits. */
export type DivisionNames = Readonly<Record<string, DivisionName>>;

/** In characters; a name has to fit into a cell of a table on a phone. */
const [LONGEST_ZH, LONGEST_EN] = [30, 60];
/** More than there are counties, and few enough to be sent to a phone. */
const MOST_DIVISIONS = 4_000;

/** Control characters break lines, and those that change the direction of writing make a name look like another. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const nameUpTo = (most: number) =>
  z
    .string()
    .refine(
      (text) => text.trim() === text && text !== '' && [...text].length <= most && !UNSEEN.test(text),
      `write 1 to ${most} visible characters, with no space around them`,
    );

const divisionNames = z
  .record(
    z.string().regex(/^\d{6}$/, 'a code has 6 digits'),
    z.strictObject({ zh: nameUpTo(LONGEST_ZH), en: nameUpTo(LONGEST_EN).optional() }),
  )
  .refine((names) => Object.keys(names).length <= MOST_DIVISIONS, `name at most ${MOST_DIVISIONS} divisions`);

/**
 * Untrusted: the text of an operator's file, `{"439901": {"zh": "…", "en": "…"}}`; `en` may be left out. Throws `ConfigProblem`
 * with one sentence for each fault, which names the place and repeats no name.
 */
export function parseDivisionNamesOrThrow(text: string): DivisionNames {
  const parsed = divisionNames.safeParse(jsonOrThrow(text));
  if (parsed.success) return parsed.data;
  throw new ConfigProblem(
    parsed.error.issues.slice(0, MOST_FAULTS).map((issue) => {
      const place = issue.path.length === 0 ? '' : ` ${issue.path.join('.')}:`;
      return `${VARIABLE}:${place} ${issue.code === 'invalid_key' ? 'a code has 6 digits' : issue.message}`;
    }),
  );
}

/** Reads the file that `AIDTRAIL_DIVISION_NAMES` names. Throws `ConfigProblem`. */
export async function readDivisionNamesOrThrow(path: string): Promise<DivisionNames> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ConfigProblem([`${VARIABLE}: the file cannot be read`]);
  });
  return parseDivisionNamesOrThrow(text);
}

const VARIABLE = 'AIDTRAIL_DIVISION_NAMES';
const MOST_FAULTS = 10;

function jsonOrThrow(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigProblem([`${VARIABLE}: the file is no JSON`]);
  }
}
