import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CannotAudit } from '../cannot-audit.js';
import type { LogSource } from './log-source.js';
import { paddedLength, parseTarHeader, paxPath } from './tar.js';

const AHEAD = 4;
const BLOCK = 512;
const GZIP = [0x1f, 0x8b] as const;
/** Attributes of a file are a path and a few numbers. */
const MAX_PAX_BYTES = 65_536;
const MOST_COMPRESSION = 100;
const MIN_LIMIT_BYTES = 67_108_864;

interface Place {
  readonly at: number;
  readonly size: number;
}

/**
 * Untrusted: the archive. The files of a log in a tar archive, compressed or not. The log may stand in a folder in it: the
 * prefix is where the outermost `checkpoint` is. Nothing is unpacked by name. Throws CannotAudit if it is no archive.
 */
export async function openArchive(path: string): Promise<LogSource> {
  const { tar, remove } = await uncompressed(path);
  const file = await open(tar);
  const close = async (): Promise<void> => {
    await file.close();
    await remove();
  };
  try {
    const places = await indexOf(file, path);
    const prefix = prefixOf([...places.keys()]);
    return {
      ahead: AHEAD,
      read: async (name, atMost) => {
        const place = places.get(posix.join(prefix, name));
        if (place === undefined) return undefined;
        return place.size > atMost ? 'too_large' : readPlace(file, place);
      },
      close,
    };
  } catch (fault) {
    await close();
    throw fault;
  }
}

/** A compressed archive is unpacked beside, as one file: tiles are read in another order than they stand. */
async function uncompressed(path: string): Promise<{ readonly tar: string; readonly remove: () => Promise<void> }> {
  const file = await open(path);
  const start = new Uint8Array(2);
  try {
    await file.read(start, 0, 2, 0);
  } finally {
    await file.close();
  }
  if (start[0] !== GZIP[0] || start[1] !== GZIP[1]) return { tar: path, remove: () => Promise.resolve() };
  const directory = await mkdtemp(join(tmpdir(), 'aidtrail-audit-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  const tar = join(directory, 'log.tar');
  try {
    const { size } = await stat(path);
    const limit = (unpacked: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => upTo(size, unpacked);
    await pipeline(createReadStream(path), createGunzip(), limit, createWriteStream(tar, { mode: 0o600 }));
    return { tar, remove };
  } catch (fault) {
    await remove();
    if (fault instanceof CannotAudit) throw fault;
    const { code } = fault as NodeJS.ErrnoException;
    throw new CannotAudit(`${path} cannot be unpacked (${code ?? 'no reason given'}).`);
  }
}

/** Leaves compress to a fifth; what unpacks to a hundred times as much wants to fill the disk. */
async function* upTo(packed: number, unpacked: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let length = 0;
  for await (const chunk of unpacked) {
    length += chunk.length;
    if (length > MIN_LIMIT_BYTES + MOST_COMPRESSION * packed)
      throw new CannotAudit('The archive unpacks to more than a log of its size can be.');
    yield chunk;
  }
}

async function indexOf(file: FileHandle, path: string): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  const { size: end } = await file.stat();
  let named: string | undefined;
  for (let at = 0; at + BLOCK <= end;) {
    const header = parseTarHeader(await readPlace(file, { at, size: BLOCK }));
    if (header === 'end') return places;
    if (header === undefined || at + BLOCK + header.size > end) throw notAnArchive(path);
    const place = { at: at + BLOCK, size: header.size };
    if (header.type === 'x' && header.size <= MAX_PAX_BYTES) named = paxPath(await readPlace(file, place));
    else {
      // Of two files of one name the later one counts, as for every tar program.
      if (header.type === '0' || header.type === '\0') places.set(posix.normalize(named ?? header.path), place);
      named = undefined;
    }
    at += BLOCK + paddedLength(header.size);
  }
  if (places.size === 0) throw notAnArchive(path);
  return places;
}

async function readPlace(file: FileHandle, { at, size }: Place): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  for (let done = 0; done < size;) {
    const { bytesRead } = await file.read(bytes, done, size - done, at + done);
    if (bytesRead === 0) throw new CannotAudit('The archive became shorter while it was read.');
    done += bytesRead;
  }
  return bytes;
}

/** Where the outermost checkpoint stands. */
function prefixOf(paths: readonly string[]): string {
  const folders = paths.filter((path) => posix.basename(path) === 'checkpoint').map((path) => posix.dirname(path));
  const depth = (folder: string): number => (folder === '.' ? 0 : folder.split('/').length);
  return folders.sort((a, b) => depth(a) - depth(b))[0] ?? '.';
}

function notAnArchive(path: string): CannotAudit {
  return new CannotAudit(`${path} is no tar archive, or it is cut off.`);
}
