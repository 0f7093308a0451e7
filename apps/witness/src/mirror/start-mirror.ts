import { join } from 'node:path';
import { nodeSha256, sodiumVerifier } from '@aidtrail/crypto-node';
import { MalformedInput } from '@aidtrail/envelope';
import { LogDirectory } from '@aidtrail/log-files';
import { createTreeHasher, formatVkey, parseTilePathOrThrow, parseVkeyOrThrow } from '@aidtrail/public-log';
import { openCosignerFolder } from '../cosigner-folder.js';
import { startHttpServer, type HttpAnswer, type HttpRequest } from '../http-server.js';
import { codeOf, endOnce, originHash, type RunningWitness, type WitnessSetup } from '../start-witness.js';
import { LogSource } from './log-source.js';
import { Mirror } from './mirror.js';

export interface MirrorSetup extends Omit<WitnessSetup, 'logVkeys'> {
  readonly logVkey: string;
  /** Where the log is served: the prefix of its `checkpoint` and tiles. */
  readonly logUrl: string;
  readonly everyMilliseconds: number;
}

/**
 * Copies a log and serves the copy below the hash of its origin. Its key and name have to be others than those of a
 * witness: its cosignature says more. Throws DataDirectoryInUse, StateLost, KeyFileProblem,
 * MalformedInput, or what listening throws.
 */
export async function startMirror(setup: MirrorSetup): Promise<RunningWitness> {
  const { dataDirectory, name, logVkey, logUrl, clock, tell, everyMilliseconds } = setup;
  const logKey = parseVkeyOrThrow(logVkey);
  const end = endOnce();
  const folder = await openCosignerFolder(dataDirectory, name, end.failed);
  const { cosigner, state } = folder;
  const hash = originHash(logKey.name);
  const directory = new LogDirectory(join(dataDirectory, 'logs', hash));
  const server = await startHttpServer({
    ...setup,
    answer: mirrorRoutes(directory, hash),
    onFault: (fault) => tell({ event: 'fault', code: codeOf(fault) }),
  }).catch(async (fault: unknown) => {
    await folder.release();
    throw fault;
  });
  const stopping = new AbortController();
  const mirror = new Mirror({
    logKey,
    source: new LogSource(logUrl, stopping.signal),
    directory,
    cosigner,
    state,
    verifier: sodiumVerifier,
    hasher: createTreeHasher(nodeSha256),
    clock,
  });
  const running = mirror.run(stopping.signal, {
    everyMilliseconds,
    onCosigned: (size) => tell({ event: 'mirrored', origin: logKey.name, size }),
    onFault: (fault) => tell({ event: codeOf(fault), origin: logKey.name }),
  });
  const ended = Promise.race([end.called, running]).finally(async () => {
    stopping.abort();
    await running.catch(() => undefined);
    await server.close();
    await folder.release();
  });
  ended.catch(() => undefined);
  const close = (): Promise<void> => {
    end.done();
    return ended.catch(() => undefined);
  };
  return { url: server.url, vkey: formatVkey(cosigner.key), ended, close };
}

/** The copy as C2SP tlog-tiles lays it out, below the hash of the log's origin. */
function mirrorRoutes(directory: LogDirectory, hash: string): (request: HttpRequest) => Promise<HttpAnswer> {
  return async ({ method, path }) => {
    if (!path.startsWith(`/${hash}/`)) return { status: 404 };
    if (method !== 'GET') return { status: 405 };
    const resource = path.slice(hash.length + 2);
    if (resource === 'checkpoint' || resource === 'witnessed-checkpoint') {
      const note = await directory.readCheckpoint(resource);
      return note === undefined ? { status: 404 } : { status: 200, body: note };
    }
    const bytes = await tileNamed(directory, resource);
    return bytes === undefined
      ? { status: 404 }
      : { status: 200, type: 'application/octet-stream', body: bytes, isImmutable: true };
  };
}

/** Untrusted: `path`. It never reaches the disk as it is: what is read is the one spelling of a tile's name. */
async function tileNamed(directory: LogDirectory, path: string): Promise<Uint8Array | undefined> {
  try {
    return await directory.readTileIfThere(parseTilePathOrThrow(path));
  } catch (error) {
    if (error instanceof MalformedInput) return undefined;
    throw error;
  }
}
