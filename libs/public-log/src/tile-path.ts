import { parseDecimal } from './decimal.js';
import { malformed } from './malformed.js';

/** Hashes in a full tile, and entries in a full bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;

/** Where a tile stands: `entries` is the row of entry bundles, 0 the leaf hashes, each level above 256 times coarser. */
export interface TileId {
  readonly level: number | 'entries';
  /** The place in its row, from 0. */
  readonly index: number;
  /** 1 … 256; less than 256 for a partial tile. */
  readonly width: number;
}

const MAX_LEVEL = 63;
const PREFIX = 'tile/';

/** `tile/<L>/<N>[.p/<W>]`, relative to the log's prefix; N in groups of three digits, all but the last with an `x`. */
export function tilePath({ level, index, width }: TileId): string {
  const groups: string[] = [];
  let rest = index;
  do {
    groups.unshift(String(rest % 1_000).padStart(3, '0'));
    rest = Math.floor(rest / 1_000);
  } while (rest > 0);
  const number = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `${PREFIX}${level}/${number}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/**
 * Untrusted: `path`. The inverse of `tilePath`; throws MalformedInput for every other spelling, and for numbers of 2^53 and
 * more, which no log here can reach.
 */
export function parseTilePathOrThrow(path: string): TileId {
  const [, level, number, width] = /^tile\/([^/]+)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  if (level === undefined || number === undefined) throw malformed('tile', 'not a tile path');
  const index = Number(number.replace(/[x/]/g, ''));
  const tile = { level: parseLevelOrThrow(level), index, width: width === undefined ? TILE_WIDTH : Number(width) };
  // One spelling for each tile: a number with a group too many, or a width of 0, 007 or 256, does not come back the same.
  if (!Number.isSafeInteger(index) || tile.width === 0 || tilePath(tile) !== path)
    throw malformed('tile', 'not the one spelling of a tile path');
  return tile;
}

function parseLevelOrThrow(text: string): number | 'entries' {
  if (text === 'entries') return text;
  const level = parseDecimal(text);
  if (level === undefined || level > MAX_LEVEL) throw malformed('tile', `the level is not 0 … ${MAX_LEVEL}`);
  return level;
}
