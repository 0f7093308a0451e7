import { setTimeout as pause } from 'node:timers/promises';
import { startOfTileOrThrow, TILE_WIDTH, tilePath, type TileId } from '@aidtrail/public-log';
import { MirrorFault } from './mirror-fault.js';

const MOST_CHECKPOINT_BYTES = 64 * 1_024;
/** 256 entries of 65,535 bytes, each with its length. */
const MOST_TILE_BYTES = TILE_WIDTH * (65_535 + 2);
const ANSWER_WITHIN_MILLISECONDS = 60_000;
/** A log that asks for patience gets it, so often and each time so long at most. */
const PATIENCE = { times: 20, seconds: 60 };

/** A log over HTTP, as C2SP tlog-tiles lays it out. Untrusted: everything that it answers. Throws MirrorFault. */
export class LogSource {
  private readonly prefix: string;

  /** Once `stop` aborts, everything that is asked fails at once. */
  constructor(
    url: string,
    private readonly stop: AbortSignal,
  ) {
    this.prefix = url.replace(/\/+$/, '');
  }

  async checkpoint(): Promise<Uint8Array> {
    const bytes = await this.get('checkpoint', MOST_CHECKPOINT_BYTES);
    if (bytes === undefined) throw new MirrorFault('unreachable');
    return bytes;
  }

  /** What the log shows as witnessed, verbatim; undefined if it shows none. */
  witnessedCheckpoint(): Promise<Uint8Array | undefined> {
    return this.get('witnessed-checkpoint', MOST_CHECKPOINT_BYTES);
  }

  /** The bytes of a tile or bundle; of a partial one also the start of the full one that has taken its place. */
  async tile(id: TileId): Promise<Uint8Array> {
    const bytes = await this.get(tilePath(id), MOST_TILE_BYTES);
    if (bytes !== undefined) return bytes;
    const full = id.width < TILE_WIDTH && (await this.get(tilePath({ ...id, width: TILE_WIDTH }), MOST_TILE_BYTES));
    if (full === false || full === undefined) throw new MirrorFault('log_withholds');
    return startOf(full, id);
  }

  private async get(path: string, most: number): Promise<Uint8Array | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.ask(path, most);
      if (answer === undefined || answer instanceof Uint8Array) return answer;
      if (attempt > PATIENCE.times) throw new MirrorFault('unreachable');
      await pause(answer.waitSeconds * 1_000, undefined, { signal: this.stop }).catch(() => undefined);
    }
  }

  private async ask(path: string, most: number): Promise<Uint8Array | undefined | { readonly waitSeconds: number }> {
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN_MILLISECONDS), this.stop]);
      const response = await fetch(`${this.prefix}/${path}`, { signal });
      if (response.status === 429 || response.status === 503) {
        await response.body?.cancel();
        return { waitSeconds: Math.min(PATIENCE.seconds, Number(response.headers.get('retry-after')) || 1) };
      }
      if (response.status === 200) return await readBytes(response, most);
      await response.body?.cancel();
      if (response.status === 404 || response.status === 410) return undefined;
    } catch (error) {
      if (error instanceof MirrorFault) throw error;
      throw new MirrorFault('unreachable', { cause: error });
    }
    throw new MirrorFault('unreachable');
  }
}

function startOf(full: Uint8Array, id: TileId): Uint8Array {
  try {
    return startOfTileOrThrow(full, id);
  } catch (error) {
    throw new MirrorFault('log_withholds', { cause: error });
  }
}

async function readBytes({ body }: Response, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the stream.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > most) throw new MirrorFault('log_withholds');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
