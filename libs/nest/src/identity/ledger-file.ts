import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** `<data>/ledger.json`: what everybody may know of the ledger that this data directory is for. */
export interface LedgerFile {
  readonly origin: string;
  /** base64, 32 bytes each */
  readonly eventKey: string;
  readonly checkpointVkey: string;
  readonly roots: readonly { readonly officer: string; readonly publicKey: string }[];
  readonly utcOffsetMinutes: number;
  /** Smallest number of vouchers in a published cell. */
  readonly k: number;
  readonly demo: boolean;
}

/** What stands in the way of using a data directory; the message says what to do. */
export class IdentityProblem extends Error {
  override readonly name = 'IdentityProblem';

  constructor(
    readonly code:
      'not_initialised' | 'already_initialised' | 'damaged' | 'opening_pending' | 'other_ledger' | 'unfinished_copy',
    message: string,
  ) {
    super(message);
  }
}

const shape = z.strictObject({
  v: z.literal(1),
  origin: z.string().min(1),
  eventKey: z.string().min(1),
  checkpointVkey: z.string().min(1),
  roots: z.array(z.strictObject({ officer: z.string(), publicKey: z.string() })).min(2),
  utcOffsetMinutes: z.int(),
  k: z.int(),
  demo: z.boolean(),
});

/** Undefined if the directory has none. Throws `IdentityProblem` `damaged`. */
export async function readLedgerFile(dataDirectory: string): Promise<LedgerFile | undefined> {
  const path = join(dataDirectory, 'ledger.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const parsed = shape.safeParse(jsonOrUndefined(text));
  if (!parsed.success) {
    throw new IdentityProblem('damaged', `${path} is not what \`aidtrail init\` writes. Restore it from a backup.`);
  }
  const { v: _, ...file } = parsed.data;
  return file;
}

/** Throws `IdentityProblem` `not_initialised` when there is none: somebody must run `init` first. */
export async function readLedgerFileOrThrow(dataDirectory: string): Promise<LedgerFile> {
  const file = await readLedgerFile(dataDirectory);
  if (file !== undefined) return file;
  throw new IdentityProblem(
    'not_initialised',
    `There is no ledger in ${dataDirectory}. Run \`aidtrail init --data ${dataDirectory}\` first.`,
  );
}

/** On disk when it resolves, whole or not at all. */
export async function writeLedgerFile(dataDirectory: string, file: LedgerFile): Promise<void> {
  await writeWhole(join(dataDirectory, 'ledger.json'), `${JSON.stringify({ v: 1, ...file }, undefined, 2)}\n`);
}

/** Writes beside the final place and renames, so that a crash leaves the old file or the new one. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, 'w', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  const directory = await open(dirname(path), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
