import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, replaceFile, syncFolder } from '@aidtrail/log-files';
import { z } from 'zod';
import type { Config } from '../config/config.js';
import { IdentityProblem } from '../identity/ledger-file.js';

export type StoreKind = 'postgres' | 'kurrentdb';

/** Where a copy goes. */
export interface CopyTarget {
  readonly kind: StoreKind;
  readonly address: string;
}

const file = z.strictObject({
  /** `target` tells targets apart without their addresses, which hold passwords. */
  copies: z.array(z.strictObject({ to: z.enum(['postgres', 'kurrentdb']), target: z.string() })).min(1),
});
type Mark = z.infer<typeof file>['copies'][number];

/**
 * `<data>/unfinished-copy.json` stands there from before the first write of a copy until it was proved, with a mark for each
 * target. Half a copy may hold all that was ever signed, and still lack events that were accepted: a server that went on
 * from it would lose them.
 */
function pathOf({ dataDirectory }: Config): string {
  return join(dataDirectory, 'unfinished-copy.json');
}

export async function markUnfinishedCopy(config: Config, target: CopyTarget): Promise<void> {
  const mark = markOf(target);
  const others = ((await readMarks(config)) ?? []).filter((one) => !isSame(one, mark));
  await replaceFile(pathOf(config), `${JSON.stringify({ copies: [...others, mark] })}\n`);
}

/** Of this target only: another one may still be half made. */
export async function unmarkUnfinishedCopy(config: Config, target: CopyTarget): Promise<void> {
  const mark = markOf(target);
  const others = ((await readMarks(config)) ?? []).filter((one) => !isSame(one, mark));
  if (others.length > 0) return replaceFile(pathOf(config), `${JSON.stringify({ copies: others })}\n`);
  await rm(pathOf(config), { force: true });
  await syncFolder(config.dataDirectory);
}

/**
 * Throws `IdentityProblem` `unfinished_copy` when the events shall be where a copy of them is only half made. One address may
 * be written in several ways, so a copy to any place of this kind counts.
 */
export async function requireNoUnfinishedCopy(config: Config): Promise<void> {
  const here: StoreKind = config.storeUrl === undefined ? 'postgres' : 'kurrentdb';
  const marks = await readMarks(config).catch(() => 'unreadable' as const);
  if (marks === undefined || (marks !== 'unreadable' && marks.every(({ to }) => to !== here))) return;
  throw new IdentityProblem(
    'unfinished_copy',
    `A copy to ${here} was begun and not finished: events may be missing there. Run the same \`aidtrail store copy\` again, ` +
      'or serve from where the events were before (AIDTRAIL_STORE).',
  );
}

/** Undefined if there is no file. Throws `IdentityProblem` for one that nobody here has written. */
async function readMarks(config: Config): Promise<readonly Mark[] | undefined> {
  const text = await readIfThere(pathOf(config));
  if (text === undefined) return undefined;
  try {
    return file.parse(JSON.parse(text.toString('utf8'))).copies;
  } catch {
    throw new IdentityProblem(
      'unfinished_copy',
      `${pathOf(config)} cannot be read. Find out which copy was not finished, and finish it, before you remove the file.`,
    );
  }
}

function markOf({ address, kind }: CopyTarget): Mark {
  return { to: kind, target: createHash('sha256').update(address).digest('hex').slice(0, 16) };
}

function isSame(one: Mark, other: Mark): boolean {
  return one.to === other.to && one.target === other.target;
}
