import { MalformedInput } from '@aidtrail/envelope';
import { HASH_LENGTH, parseEntryBundleOrThrow, TILE_WIDTH, tilePath, type TileId } from '@aidtrail/public-log';
import type { Report } from '../findings/finding.js';
import { MAX_BUNDLE_BYTES, type LogFiles } from './log-files.js';

/** Entries as a bundle holds them: views of its bytes. */
export interface ReadBundle {
  readonly bundle: Uint8Array;
  readonly entries: readonly Uint8Array[];
}

/** Files that are missing without a word more; then the rest is not looked for. */
const MOST_MISSING = 256;

/**
 * Untrusted: `files`. Reads tiles and bundles strictly and reports what is not as its format has it. Where a partial one is
 * gone because the log has grown meanwhile, the full one takes its place, as C2SP tlog-tiles has it.
 */
export class PublishedTiles {
  private missing = 0;
  /** Files read, and their bytes. */
  readonly counts = { files: 0, bytes: 0 };

  constructor(
    private readonly files: LogFiles,
    private readonly report: Report,
  ) {}

  /** The same files once more, without counting and reporting. */
  quietly(): PublishedTiles {
    return new PublishedTiles(this.files, () => undefined);
  }

  get givenUp(): boolean {
    return this.missing >= MOST_MISSING;
  }

  /** Undefined, and a finding, if there are no such entries. */
  async entries(index: number, width: number): Promise<ReadBundle | undefined> {
    const id: TileId = { level: 'entries', index, width };
    const found = await this.read(id, MAX_BUNDLE_BYTES);
    if (found === undefined) return undefined;
    try {
      const entries = parseEntryBundleOrThrow(found.bytes, found.width).slice(0, width);
      // Of a full bundle in the place of a partial one, only the entries that the checkpoint covers.
      const end = entries.reduce((sum, entry) => sum + 2 + entry.length, 0);
      return { bundle: found.bytes.subarray(0, end), entries };
    } catch (fault) {
      if (!(fault instanceof MalformedInput)) throw fault;
      this.report({ code: 'bundle_malformed', subject: tilePath(id), actual: fault.message });
      return undefined;
    }
  }

  /** A hash tile of the right length; undefined, and a finding, if there is none. */
  async hashes(id: TileId): Promise<Uint8Array | undefined> {
    const found = await this.read(id, TILE_WIDTH * HASH_LENGTH);
    if (found === undefined) return undefined;
    const expected = found.width * HASH_LENGTH;
    if (found.bytes.length === expected) return found.bytes.subarray(0, id.width * HASH_LENGTH);
    const actual = `${found.bytes.length} bytes`;
    this.report({ code: 'tile_differs', subject: tilePath(id), expected: `${expected} bytes`, actual });
    return undefined;
  }

  private async read(
    id: TileId,
    atMost: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly width: number } | undefined> {
    if (this.givenUp) return undefined;
    const path = tilePath(id);
    let width = id.width;
    let found = await this.files.read(path, atMost);
    if (found === undefined && width < TILE_WIDTH) {
      width = TILE_WIDTH;
      found = await this.files.read(tilePath({ ...id, width }), atMost);
    }
    if (found instanceof Uint8Array) {
      this.counts.files += 1;
      this.counts.bytes += found.length;
      return { bytes: found, width };
    }
    if (found === 'too_large')
      this.report({ code: 'file_too_large', subject: path, expected: `at most ${atMost} bytes` });
    else this.reportMissing(path);
    return undefined;
  }

  private reportMissing(path: string): void {
    this.missing += 1;
    this.report({ code: 'file_missing', subject: path });
    if (this.missing === MOST_MISSING) this.report({ code: 'files_given_up', subject: path });
  }
}
