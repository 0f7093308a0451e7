import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNewFile } from '@aidtrail/log-files';
import { formatNote } from '@aidtrail/public-log';
import type { SignedRequest } from './add-checkpoint.js';

/** One would be enough; a log that goes on must not fill the disk. */
const MOST_FILES = 64;

/**
 * Keeps two checkpoints of one size with different roots, both signed by the log: proof for everybody that it has shown
 * two histories. `cosigned` is the note that this witness holds. Writes one file below `folder`; the same again is nothing
 * new.
 */
export async function keepEvidence(
  folder: string,
  cosigned: string,
  { text, logSignatures }: Pick<SignedRequest, 'text' | 'logSignatures'>,
): Promise<void> {
  const name = `${createHash('sha256').update(text, 'utf8').digest('hex')}.txt`;
  await mkdir(folder, { recursive: true });
  const files = await readdir(folder);
  if (files.includes(name) || files.length >= MOST_FILES) return;
  const both = `${cosigned}\n${formatNote({ text, signatures: logSignatures })}`;
  await writeNewFile(join(folder, name), both).catch((error: NodeJS.ErrnoException) => {
    // The same was brought twice at once.
    if (error.code !== 'EEXIST') throw error;
  });
}
