import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, replaceFile, syncFolder } from '@aidtrail/log-files';
import type { Config } from '../config/config.js';
import { IdentityProblem } from '../identity/ledger-file.js';

export type StoreKind = 'postgres' | 'kurrentdb';

/**
 * `<data>/unfinished-copy.json` stands there from before the first write of a copy until it was proved. Half a copy may
 * hold all that was ever signed, and still lack events that were accepted: a server that went on from it would lose them.
 */
function pathOf({ dataDirectory }: Config): string {
  return join(dataDirectory, 'unfinished-copy.json');
}

export async function markUnfinishedCopy(config: Config, to: StoreKind): Promise<void> {
  await replaceFile(pathOf(config), `${JSON.stringify({ to })}\n`);
}

export async function unmarkUnfinishedCopy(config: Config): Promise<void> {
  await rm(pathOf(config), { force: true });
  await syncFolder(config.dataDirectory);
}

/** Throws `IdentityProblem` `unfinished_copy` when the events shall be where a copy of them is only half made. */
export async function requireNoUnfinishedCopy(config: Config): Promise<void> {
  const text = await readIfThere(pathOf(config));
  if (text === undefined) return;
  const here: StoreKind = config.storeUrl === undefined ? 'postgres' : 'kurrentdb';
  const [, to] = /^\{"to":"(postgres|kurrentdb)"\}\s*$/.exec(text.toString('utf8')) ?? [];
  // A file that says something else counts for both.
  if (to !== undefined && to !== here) return;
  throw new IdentityProblem(
    'unfinished_copy',
    `A copy to ${here} was begun and not finished: events may be missing there. Run the same \`aidtrail store copy\` again, ` +
      'or serve from where the events were before (AIDTRAIL_STORE).',
  );
}
