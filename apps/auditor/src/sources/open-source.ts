import { stat } from 'node:fs/promises';
import { CannotAudit } from '../cannot-audit.js';
import { openArchive } from './archive-source.js';
import { folderSource } from './folder-source.js';
import { keepFiles } from './kept-files.js';
import type { LogSource } from './log-source.js';
import { urlSource } from './url-source.js';

/** A folder, an archive of one (`.tar`, `.tar.gz`), or the address of its prefix. Throws CannotAudit. */
export async function openSource(where: string, options: { readonly keep?: string } = {}): Promise<LogSource> {
  if (/^https?:\/\//i.test(where)) {
    const source = urlSource(where);
    return options.keep === undefined ? source : keepFiles(source, options.keep);
  }
  if (options.keep !== undefined)
    throw new CannotAudit('--keep is for logs that are fetched: this one is here already.');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(where)) throw new CannotAudit('A log is fetched by http or https.');
  const found = await stat(where).catch(() => undefined);
  if (found === undefined) throw new CannotAudit(`There is no ${where}. Check the path.`);
  return found.isDirectory() ? folderSource(where) : openArchive(where);
}
