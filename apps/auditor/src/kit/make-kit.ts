import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { utf8Encode } from '@aidtrail/envelope';
import { newTiles, TILE_WIDTH, tilePath, type TileId } from '@aidtrail/public-log';
import { openLogCheckpoint, type LogFiles } from '@aidtrail/verification';
import { CannotAudit } from '../cannot-audit.js';
import { readPolicyFile } from '../policy-file.js';
import { trustOf } from '../run-audit.js';
import { openSource } from '../sources/open-source.js';
import { paddedLength, TAR_END, tarHeader } from '../sources/tar.js';
import { kitReadmes } from './kit-readmes.js';

export interface KitOrder {
  readonly log: string;
  readonly policyFile: string;
  /** The archive to write; must not be there yet. */
  readonly to: string;
  /** The verifier in one file. */
  readonly program: URL;
}

const MAX_FILE_BYTES = 17_000_000;

/**
 * Writes one archive with which anybody can audit the log offline, with nothing but Node.js: the log, the policy, the
 * verifier in one file, and how to. The same log gives the same bytes. Resolves to the size of the log.
 */
export async function makeKit({ log, policyFile, to, program }: KitOrder): Promise<number> {
  const { text, policy } = await readPolicyFile(policyFile);
  const source = await openSource(log);
  try {
    // The log may grow meanwhile: each checkpoint is read once, and the one that may lag behind first.
    const witnessed = await source.read('witnessed-checkpoint', MAX_FILE_BYTES);
    const note = await source.read('checkpoint', MAX_FILE_BYTES);
    const opened = note instanceof Uint8Array ? openLogCheckpoint(note, policy, trustOf(policy).verifier) : undefined;
    if (opened === undefined || typeof opened === 'string')
      throw new CannotAudit('The log has no checkpoint that its key has signed: there is nothing to audit.');
    const checkpoints = { checkpoint: note, 'witnessed-checkpoint': witnessed };
    const { size, origin } = opened.checkpoint;
    const small = new Map<string, Uint8Array>([
      ...Object.entries(kitReadmes({ origin, size })).map(([name, page]) => [name, utf8Encode(page)] as const),
      ['log-policy.txt', utf8Encode(text)],
      ['audit.mjs', new Uint8Array(await readFile(program))],
      ...Object.entries(checkpoints).flatMap(([name, bytes]) =>
        bytes instanceof Uint8Array ? [[`log/${name}`, bytes] as const] : [],
      ),
    ]);
    const archive = Readable.from(tarOf(small, source, size));
    await pipeline(archive, createGzip(), createWriteStream(to, { flags: 'wx' })).catch(
      (fault: NodeJS.ErrnoException) => {
        if (fault.code === 'EEXIST') throw new CannotAudit(`${to} is there already. Name another file.`);
        throw fault;
      },
    );
    return size;
  } finally {
    await source.close();
  }
}

async function* tarOf(small: ReadonlyMap<string, Uint8Array>, log: LogFiles, size: number): AsyncIterable<Uint8Array> {
  for (const [path, bytes] of small) yield* tarFile(path, bytes);
  for (const tile of newTiles({ from: 0, to: size })) {
    const { path, bytes } = await readTile(log, tile);
    // What is missing or too large is not put right here: the audit will tell.
    if (bytes instanceof Uint8Array) yield* tarFile(`log/${path}`, bytes);
  }
  yield TAR_END;
}

/** A partial tile, or the full one that has taken its place meanwhile. */
async function readTile(log: LogFiles, tile: TileId) {
  const [path, full] = [tile, { ...tile, width: TILE_WIDTH }].map(tilePath) as [string, string];
  const bytes = await log.read(path, MAX_FILE_BYTES);
  return bytes === undefined && full !== path
    ? { path: full, bytes: await log.read(full, MAX_FILE_BYTES) }
    : { path, bytes };
}

function* tarFile(path: string, bytes: Uint8Array): Iterable<Uint8Array> {
  yield tarHeader(path, bytes.length);
  if (bytes.length > 0) yield bytes;
  const rest = paddedLength(bytes.length) - bytes.length;
  if (rest > 0) yield new Uint8Array(rest);
}
