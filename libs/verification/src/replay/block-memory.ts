/** Where a record lies; 0 is nowhere. */
export type Address = number;
export const NOWHERE: Address = 0;

const UNIT_BYTES = 32;
const PAGE_BYTES = 1_048_576;
const UNITS_A_PAGE = PAGE_BYTES / UNIT_BYTES;
/** Up to so many units there is a size of block for each number of units, then for each doubling. */
const EVEN_SIZES = 16;
const LARGEST_BLOCK_BYTES = 65_536;
/** At the beginning of each block stands its size. */
const HEADER_BYTES = 1;

/**
 * Records of some tens of bytes in a few large arrays, which the garbage collector need not look into. A record that has
 * outgrown its block moves to a larger one, and the next record of the old size takes its place.
 */
export class BlockMemory {
  static readonly largestRecord = LARGEST_BLOCK_BYTES - HEADER_BYTES;

  private readonly pages: Uint8Array[] = [];
  /** By size of block, the head of a list of blocks that were left; each holds the address of the next. */
  private readonly left: Address[] = [];
  /** The first unit that was never used. Unit 0 never is, so that no record has the address 0. */
  private fresh = 1;

  /** Puts a record down, into the block that it has so far if that is of the right size. Returns where it is now. */
  put(record: Uint8Array, sofar: Address): Address {
    const size = sizeFor(record.length + HEADER_BYTES);
    let address = sofar;
    if (address === NOWHERE || this.page(address)[this.offset(address)] !== size) {
      if (address !== NOWHERE) this.leave(address);
      address = this.take(size);
    }
    this.page(address).set(record, this.offset(address) + HEADER_BYTES);
    return address;
  }

  /** Gives the block of a record back. */
  leave(address: Address): void {
    const page = this.page(address);
    const offset = this.offset(address);
    const size = page[offset] as number;
    writeAddress(page, offset + HEADER_BYTES, this.left[size] ?? NOWHERE);
    this.left[size] = address;
  }

  /** The memory that a record is in, and where it begins there. */
  page(address: Address): Uint8Array {
    return this.pages[Math.floor(address / UNITS_A_PAGE)] as Uint8Array;
  }

  recordAt(address: Address): number {
    return this.offset(address) + HEADER_BYTES;
  }

  private offset(address: Address): number {
    return (address % UNITS_A_PAGE) * UNIT_BYTES;
  }

  private take(size: number): Address {
    const reused = this.left[size] ?? NOWHERE;
    if (reused !== NOWHERE) {
      this.left[size] = readAddress(this.page(reused), this.offset(reused) + HEADER_BYTES);
      return reused;
    }
    const units = unitsOf(size);
    const endOfPage = this.pages.length * UNITS_A_PAGE;
    if (this.fresh + units > endOfPage) {
      this.pages.push(new Uint8Array(PAGE_BYTES));
      if (endOfPage > 0) this.fresh = endOfPage;
    }
    const address = this.fresh;
    this.fresh += units;
    this.page(address)[this.offset(address)] = size;
    return address;
  }
}

/** The number of the smallest size of block that holds so many bytes. */
function sizeFor(bytes: number): number {
  const units = Math.ceil(bytes / UNIT_BYTES);
  return units <= EVEN_SIZES ? units : EVEN_SIZES + Math.ceil(Math.log2(units / EVEN_SIZES));
}

function unitsOf(size: number): number {
  return size <= EVEN_SIZES ? size : EVEN_SIZES * 2 ** (size - EVEN_SIZES);
}

function writeAddress(page: Uint8Array, at: number, address: Address): void {
  for (let i = 0; i < 4; i += 1) page[at + i] = address >>> (8 * i);
}

function readAddress(page: Uint8Array, at: number): Address {
  let address = 0;
  for (let i = 3; i >= 0; i -= 1) address = address * 256 + (page[at + i] as number);
  return address;
}
